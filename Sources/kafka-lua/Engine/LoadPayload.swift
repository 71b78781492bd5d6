/// Keys and values that are made before the clock starts, and take turns.
struct LoadPayload {
    let keys: [[UInt8]]
    let values: [[UInt8]]

    /// Values need not be held by the million to be told apart by a compressor.
    private static let valueBytes = 1 << 20
    private static let mostValues = 1_000

    init(_ request: LoadRequest) {
        keys = (0..<request.keys).map { Array("key-\($0)".utf8) }
        var random = Generator(state: 1)
        let count = max(1, min(Self.mostValues, Self.valueBytes / max(1, request.size)))
        // Letters, as those of kafka-producer-perf-test.
        values = (0..<count).map { _ in (0..<request.size).map { _ in UInt8(ascii: "A") + UInt8(random.next() % 26) } }
    }

    /// The same values in every run.
    private struct Generator {
        /// SplitMix64.
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
