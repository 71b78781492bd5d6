import KafkaWire

/// A record as bytes that the caller lends for the length of a call.
package struct RecordBytes: @unchecked Sendable {
    package var key: UnsafeRawBufferPointer?
    package var value: UnsafeRawBufferPointer?
    /// As the wire has them; empty for none.
    package var headers: UnsafeRawBufferPointer
    /// Milliseconds since 1970.
    package var timestamp: Int64

    package init(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0), timestamp: Int64
    ) {
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }

    /// A record that was written before, lent by the batch in which it lies.
    init(_ record: RecordBatchWriter.WrittenRecord) {
        self.init(key: record.key, value: record.value, headers: record.headers, timestamp: record.timestamp)
    }

    /// The most bytes that the record takes in a batch.
    @inline(__always)
    var upperBound: Int {
        RecordBatchWriter.upperBound(
            keyCount: key?.count ?? 0, valueCount: value?.count ?? 0, headersCount: headers.count)
    }

    /// The most bytes that a batch of this record alone takes.
    var batchUpperBound: Int { RecordBatchLayout.headerSize + upperBound }

    /// The caller keeps what the spans lie in for as long as this value is used.
    @inline(__always)
    init(key: RawSpan?, value: RawSpan?, timestamp: Int64?) {
        self.init(
            key: Self.bytes(of: key), value: Self.bytes(of: value), timestamp: timestamp ?? WallClock.milliseconds)
    }

    @inline(__always)
    private static func bytes(of span: RawSpan?) -> UnsafeRawBufferPointer? {
        guard let span else { return nil }
        return span.withUnsafeBytes { $0 }
    }
}

/// A record as bytes of its own, for a send that suspends.
package struct OwnedRecord: Sendable {
    private var key: [UInt8]?
    private var value: [UInt8]?
    private(set) var headers = Headers()
    private var encodedHeaders: [UInt8] = []
    private var timestamp: Int64 = 0

    @usableFromInline
    init(key: RawSpan?, value: RawSpan?, headers: Headers, timestamp: Int64?) {
        if let key { self.key = key.withUnsafeBytes { Array($0) } }
        if let value { self.value = value.withUnsafeBytes { Array($0) } }
        self.headers = headers
        encodedHeaders = headers.encoded
        self.timestamp = timestamp ?? WallClock.milliseconds
    }

    func lend<Result>(_ body: (RecordBytes) throws(KafkaError) -> Result) throws(KafkaError) -> Result {
        func lend(
            _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) throws(KafkaError) -> Result
        ) throws(KafkaError) -> Result {
            guard let bytes else { return try body(nil) }
            return try bytes.withUnsafeBytes { bytes in Swift.Result { () throws(KafkaError) in try body(bytes) } }
                .get()
        }
        return try lend(key) { (key) throws(KafkaError) in
            try lend(value) { (value) throws(KafkaError) in
                try lend(encodedHeaders) { (headers) throws(KafkaError) in
                    try body(
                        RecordBytes(
                            key: key, value: value,
                            headers: headers ?? UnsafeRawBufferPointer(start: nil, count: 0), timestamp: timestamp))
                }
            }
        }
    }
}
