import NIOCore

/// Cuts what a socket brings into frames: a length of four bytes, then so many bytes. Pure.
struct FrameReader {
    /// No answer to a producer or a small reader comes near this size, the default of librdkafka's
    /// `receive.message.max.bytes`.
    static let maximumSize = 100_000_000
    /// What a peer may send that has not shown who it is.
    static let strangerMaximumSize = 1 << 20

    private var buffer = ByteBuffer()

    /// Takes what has come.
    mutating func append(_ bytes: consuming ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.discardReadBytes()
            buffer.writeBuffer(&bytes)
        }
    }

    /// The next frame, without its length; nil if it is not all there.
    /// - Parameter limit: the most bytes that it may have.
    /// - Throws: `KafkaError` of kind `malformed` if the length cannot be that of a frame.
    mutating func next(atMost limit: Int = maximumSize) throws(KafkaError) -> ByteBuffer? {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: Int32.self) else { return nil }
        guard (4...limit).contains(Int(length)) else { throw refusal(length) }
        guard buffer.readableBytes >= 4 + Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: 4)
        let frame = buffer.readSlice(length: Int(length))
        // Let go of, so that the socket can fill it again.
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
        return frame
    }

    /// What peers that speak something else begin with.
    private static let otherProtocols: [(prefix: [UInt8], name: String)] = [
        (Array("HTTP".utf8), "HTTP"), (Array("<!DO".utf8), "HTTP"), (Array("<htm".utf8), "HTTP"),
        ([0x15, 0x03], "TLS (set security.protocol=SSL or SASL_SSL)"), (Array("SSH-".utf8), "SSH"),
    ]

    private func refusal(_ length: Int32) -> KafkaError {
        let start = buffer.readableBytesView.prefix(4)
        if let other = Self.otherProtocols.first(where: { start.starts(with: $0.prefix) }) {
            return KafkaError(.malformed, "the peer speaks \(other.name), not Kafka's protocol")
        }
        return KafkaError(.malformed, "a frame of \(length) bytes: the peer does not speak Kafka's protocol")
    }
}
