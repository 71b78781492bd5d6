/// Equally long keys or values, prepared before the clock starts and sent in turn.
struct Payload: Sendable {
    /// The items, one after the other.
    let bytes: [UInt8]
    let itemBytes: Int
    /// How many items there are; 0 stands for none at all, a null key.
    let count: Int

    /// Each item by itself.
    var items: [[UInt8]] {
        (0..<count).map { Array(bytes[$0 * itemBytes..<($0 + 1) * itemBytes]) }
    }

    static let none = Payload(bytes: [], itemBytes: 0, count: 0)

    /// Keys of ten bytes, `key-000000` and so on.
    static func keys(_ count: Int) -> Payload {
        guard count > 0 else { return none }
        let items = (0..<count).map { number in
            let digits = String(number)
            return "key-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        }
        return Payload(bytes: items.flatMap { Array($0.utf8) }, itemBytes: 10, count: count)
    }

    /// Values that look like log lines: about as compressible as text, and the same in every run.
    static func values(bytes itemBytes: Int) -> Payload {
        let count = max(1, min(1_000, 1_000_000 / max(1, itemBytes)))
        let words = ["order", "paid", "customer", "shipped", "total", "returned", "pending", "banana"]
        var random = SplitMix64(state: 1)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * itemBytes)
        while bytes.count < count * itemBytes {
            let number = random.next()
            bytes += words[Int(number % 8)].utf8
            bytes.append(UInt8(ascii: "="))
            bytes += String(number >> 40).utf8
            bytes.append(UInt8(ascii: " "))
        }
        return Payload(bytes: Array(bytes.prefix(count * itemBytes)), itemBytes: itemBytes, count: count)
    }
}

/// A small generator with a seed.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
