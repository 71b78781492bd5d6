import DequeModule
import NIOCore

/// Cuts a stream of bytes into requests: four bytes of size, then so many bytes.
///
/// A request that lies in one piece is handed on where it is. Others are put together in memory that the next one
/// uses again, if nobody holds on to it.
struct FrameReader {
    /// The largest request, in bytes.
    var maxSize: Int
    private var unread: Deque<ByteBuffer> = []
    private var partial = ByteBuffer()
    /// Whether `partial` has been handed on.
    private var partialIsDone = false

    /// Room is made for this many bytes on the word of a size alone; for more once they come.
    private static let initialCapacity = 4 << 20
    private static let sizeBytes = 4

    /// As large as requests are at most (`socket.request.max.bytes`).
    static let maxRequestSize = 100 << 20

    init(maxSize: Int = maxRequestSize) {
        self.maxSize = maxSize
    }

    /// Whether bytes have come that have not been handed on.
    var hasUnread: Bool { !unread.isEmpty || (!partialIsDone && partial.readableBytes > 0) }

    /// Whether whole pieces wait, so that no more have to be read.
    var hasBacklog: Bool { !unread.isEmpty }

    mutating func append(_ bytes: ByteBuffer) {
        unread.append(bytes)
    }

    /// The next request, without its size; nil if it has not arrived.
    /// - Throws: `ConnectionFault` if what comes is no request. Nothing can be read after that.
    mutating func next() throws(ConnectionFault) -> ByteBuffer? {
        if partialIsDone {
            partialIsDone = false
            if partial.capacity > Self.initialCapacity * 2 { partial = ByteBuffer() } else { partial.clear() }
        }
        while !unread.isEmpty {
            if partial.readableBytes == 0, let frame = try nextInOnePiece() { return frame }
            if try gather() {
                partialIsDone = true
                return partial.getSlice(at: Self.sizeBytes, length: partial.readableBytes - Self.sizeBytes)
            }
        }
        return nil
    }

    private mutating func nextInOnePiece() throws(ConnectionFault) -> ByteBuffer? {
        let first = unread[0]
        guard let size = try size(of: first), first.readableBytes - Self.sizeBytes >= size else { return nil }
        let frame = first.getSlice(at: first.readerIndex + Self.sizeBytes, length: size)
        consume(Self.sizeBytes + size)
        return frame
    }

    /// Moves bytes of the first piece to `partial`.
    /// - Returns: Whether it holds the whole request.
    private mutating func gather() throws(ConnectionFault) -> Bool {
        let known = try size(of: partial)
        let wanted = Self.sizeBytes + (known ?? 0) - partial.readableBytes
        let first = unread[0]
        let count = min(wanted, first.readableBytes)
        if let piece = first.getSlice(at: first.readerIndex, length: count) { partial.writeImmutableBuffer(piece) }
        consume(count)
        guard let size = try size(of: partial) else { return false }
        if known == nil { partial.reserveCapacity(min(Self.sizeBytes + size, Self.initialCapacity)) }
        return partial.readableBytes == Self.sizeBytes + size
    }

    private mutating func consume(_ count: Int) {
        unread[0].moveReaderIndex(forwardBy: count)
        if unread[0].readableBytes == 0 { unread.removeFirst() }
    }

    private func size(of bytes: ByteBuffer) throws(ConnectionFault) -> Int? {
        guard let size = bytes.getInteger(at: bytes.readerIndex, as: Int32.self) else { return nil }
        guard size >= 0, size <= maxSize else {
            let start = bytes.getBytes(at: bytes.readerIndex, length: Self.sizeBytes) ?? []
            throw ConnectionFault(Self.fault(start) ?? "a request of \(size) bytes: \(maxSize) are allowed")
        }
        return Int(size)
    }

    /// What else the bytes may be, if they are no size.
    private static func fault(_ start: [UInt8]) -> String? {
        if start.starts(with: [0x16, 0x03]) { return "the client speaks TLS, this listener does not" }
        let isText = start.allSatisfy { (0x20..<0x7f).contains($0) }
        return isText
            ? "the client does not speak Kafka: it begins with '\(String(decoding: start, as: UTF8.self))'" : nil
    }
}
