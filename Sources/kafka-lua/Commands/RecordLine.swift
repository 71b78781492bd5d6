/// Makes records of lines, as `send` is told to.
struct RecordLine: Equatable, Sendable {
    var topic: String
    var partition: Int32?
    /// The key of every record; with a delimiter, of those whose line has none.
    var key: [UInt8]?
    /// Parts the key from the value at its first occurrence.
    var keyDelimiter: [UInt8]?
    /// A key or value that is this is null.
    var nullMarker: [UInt8]?
    var headers: [PrintableRecord.Header] = []

    /// The record of a line.
    func record(_ line: [UInt8]) -> OutgoingRecord {
        var record = OutgoingRecord(topic: topic, partition: partition, key: key, value: line, headers: headers)
        if let delimiter = keyDelimiter, let range = Self.firstRange(of: delimiter, in: line) {
            record.key = orNull(Array(line[..<range.lowerBound]))
            record.value = Array(line[range.upperBound...])
        }
        record.value = record.value.flatMap(orNull)
        return record
    }

    private func orNull(_ bytes: [UInt8]) -> [UInt8]? { bytes == nullMarker ? nil : bytes }

    private static func firstRange(of pattern: [UInt8], in bytes: [UInt8]) -> Range<Int>? {
        guard let first = pattern.first else { return nil }
        var start = 0
        while let index = bytes[start...].firstIndex(of: first) {
            if bytes[index...].starts(with: pattern) { return index..<index + pattern.count }
            start = index + 1
        }
        return nil
    }

    /// `name=value` as a header; without `=`, a header without a value.
    static func header(_ text: String) -> PrintableRecord.Header? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else { return nil }
        return .init(name: String(name), value: parts.count > 1 ? Array(parts[1].utf8) : nil)
    }

    /// A delimiter as it is typed: `\t`, `\n` and `\0` stand for what they stand for elsewhere.
    static func delimiter(_ text: String) -> [UInt8] {
        Array(text.replacing("\\t", with: "\t").replacing("\\n", with: "\n").replacing("\\0", with: "\0").utf8)
    }
}
