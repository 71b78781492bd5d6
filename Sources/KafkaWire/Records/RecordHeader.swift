/// A header of a record: a name, and a value that may be null. Names may repeat.
public struct RecordHeader: Hashable, Sendable {
    public var name: String
    public var value: [UInt8]?

    public init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    /// The section of headers at the end of a record: their count, then each name and value with its length.
    public static func encode(_ headers: some Collection<RecordHeader>) -> [UInt8] {
        var writer = WireWriter()
        writer.varint(Int32(truncatingIfNeeded: headers.count))
        for header in headers {
            writer.varint(Int32(truncatingIfNeeded: header.name.utf8.count))
            writer.append(header.name.utf8)
            if let value = header.value {
                writer.varint(Int32(truncatingIfNeeded: value.count))
                writer.append(value)
            } else {
                writer.varint(-1)
            }
        }
        return writer.bytes
    }
}
