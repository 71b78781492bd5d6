/// A record as it was read, with memory of its own.
public struct Record: Hashable, Sendable {
    public var offset: Int64
    /// In ms since 1970.
    public var timestamp: Int64
    public var key: [UInt8]?
    public var value: [UInt8]?
    public var headers: [RecordHeader]

    public init(
        offset: Int64, timestamp: Int64, key: [UInt8]? = nil, value: [UInt8]? = nil, headers: [RecordHeader] = []
    ) {
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// Copies a record from where it lies.
    public init(_ view: RecordView) {
        self.init(
            offset: view.offset, timestamp: view.timestamp, key: Self.copy(view.key), value: Self.copy(view.value),
            headers: view.headers)
    }

    private static func copy(_ bytes: RawSpan?) -> [UInt8]? {
        guard let bytes else { return nil }
        return bytes.withUnsafeBytes { [UInt8]($0) }
    }
}
