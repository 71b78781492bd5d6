extension KafkaUUID {
    /// As RFC 9562 and Java's `UUID.toString` write it: 8-4-4-4-12 hexadecimal digits, in lower case.
    public var hyphenated: String {
        String(unsafeUninitializedCapacity: Self.hyphenatedCount) { output in
            var digit = 0
            for index in 0..<Self.hyphenatedCount {
                if Self.hyphens.contains(index) {
                    output[index] = UInt8(ascii: "-")
                    continue
                }
                let word = digit < 16 ? high : low
                output[index] = Self.digits[Int(truncatingIfNeeded: word >> UInt64(60 - 4 * (digit % 16))) & 15]
                digit += 1
            }
            return Self.hyphenatedCount
        }
    }

    /// Reads what ``hyphenated`` writes, in upper or lower case; nil for anything else.
    public init?(hyphenated text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == Self.hyphenatedCount else { return nil }
        var words: [UInt64] = [0, 0]
        var digit = 0
        for (index, byte) in bytes.enumerated() {
            if Self.hyphens.contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let lowercase = byte | 0x20
            guard let value = Self.digits.firstIndex(of: byte < UInt8(ascii: "A") ? byte : lowercase) else {
                return nil
            }
            words[digit / 16] = words[digit / 16] << 4 | UInt64(value)
            digit += 1
        }
        self.init(high: words[0], low: words[1])
    }

    private static let hyphenatedCount = 36
    private static let hyphens: Set<Int> = [8, 13, 18, 23]
    private static let digits = Array("0123456789abcdef".utf8)
}
