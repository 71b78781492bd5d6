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
}
