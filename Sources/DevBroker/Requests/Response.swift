import KafkaWire
import NIOCore

/// An answer in bytes: header, body, and the batches that go into the body's gaps.
struct Response {
    private let header: WireWriter
    private let body: WireWriter
    /// The batches of each gap, in order.
    private let records: [[ByteBuffer]]

    /// - Parameters:
    ///   - message: The body.
    ///   - version: That of the body, which is not always the one of the request (ApiVersions).
    init(
        _ message: some Message, to request: IncomingRequest, version: Int16, records: [[ByteBuffer]] = []
    ) throws(WireError) {
        header = try ResponseHeader { $0.correlationId = request.header.correlationId }
            .encode(to: request.api, apiVersion: version)
        body = try message.encode(version: version)
        self.records = records
    }

    init(_ message: some Message, to request: IncomingRequest, records: [[ByteBuffer]] = []) throws(WireError) {
        try self.init(message, to: request, version: request.version, records: records)
    }

    /// Bytes that are in no response, as tokens were before there were requests for them.
    init(bare bytes: [UInt8]) {
        var body = WireWriter()
        body.append(bytes)
        (header, self.body, records) = (WireWriter(), body, [])
    }

    /// Batches below this size are copied next to their neighbours rather than sent from where they lie.
    private static let copiedBelow = 8192

    /// All bytes in order, the size that precedes them included.
    func parts() -> [ByteBuffer] {
        var parts: [ByteBuffer] = []
        var current = ByteBuffer()
        current.reserveCapacity(4 + header.bytes.count + body.bytes.count)
        current.writeInteger(Int32(header.bytes.count + body.totalCount))
        current.writeBytes(header.bytes)
        var position = 0
        for (gap, batches) in zip(body.gaps, records) {
            current.writeBytes(body.bytes[position..<gap.offset])
            position = gap.offset
            for batch in batches {
                if batch.readableBytes < Self.copiedBelow {
                    current.writeImmutableBuffer(batch)
                } else {
                    parts.append(current)
                    parts.append(batch)
                    current = ByteBuffer()
                }
            }
        }
        current.writeBytes(body.bytes[position...])
        parts.append(current)
        return parts
    }
}
