/// A record where it lies in its batch.
public struct RecordView: ~Escapable {
    public let offset: Int64
    /// The offset counted from the batch's first.
    public let offsetDelta: Int32
    /// In ms since 1970: the producer's, or the time of the append if the batch has that.
    public let timestamp: Int64
    public let key: RawSpan?
    public let value: RawSpan?
    public let headerCount: Int
    private let headerBytes: RawSpan

    /// What the deltas of a batch's records count from.
    struct Origin {
        var offset: Int64
        var timestamp: Int64
        var logAppendTime: Int64?
    }

    /// - Parameter bytes: exactly one record, without the length before it.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, from origin: Origin) throws(WireError) {
        var reader = WireReader(bytes)
        // The attributes of a record are not used by any version.
        var attributes: Int8 = 0
        try reader.field(&attributes)
        // Deltas of hostile bytes may overflow: any sum will do, as long as it does not trap.
        let timestamp = origin.timestamp &+ (try reader.varlong())
        self.timestamp = origin.logAppendTime ?? timestamp
        offsetDelta = try reader.varint()
        offset = origin.offset &+ Int64(offsetDelta)
        key = try reader.nullableBytes()
        value = try reader.nullableBytes()

        let countPosition = reader.position
        let count = Int(try reader.varint())
        // Each header takes two bytes at least.
        guard count >= 0, count <= reader.remaining / 2 else {
            throw WireError(.invalidLength(count), at: countPosition)
        }
        headerCount = count
        headerBytes = bytes.extracting(reader.position...)
        for _ in 0..<count {
            _ = try reader.take(span: Int(reader.varint()))
            _ = try reader.nullableBytes()
        }
        try reader.finish()
    }

    /// The headers, copied, in order; bytes of a name that are not UTF-8 are replaced, as Java does.
    public var headers: [RecordHeader] {
        var headers: [RecordHeader] = []
        var reader = WireReader(headerBytes)
        // They were read through once, by `init`: none of them throws.
        while headers.count < headerCount, let header = try? reader.header() { headers.append(header) }
        return headers
    }
}

extension WireReader {
    /// Bytes after their length, which is −1 for null.
    @_lifetime(copy self)
    fileprivate mutating func nullableBytes() throws(WireError) -> RawSpan? {
        let length = try varint()
        return length == -1 ? nil : try take(span: Int(length))
    }

    fileprivate mutating func header() throws(WireError) -> RecordHeader {
        let name = try take(bytes: Int(varint()))
        let length = try varint()
        let value = length == -1 ? nil : try take(bytes: Int(length))
        return RecordHeader(name: String(decoding: name, as: UTF8.self), value: value)
    }
}
