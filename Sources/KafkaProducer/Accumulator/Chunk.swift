import NIOCore

/// Memory for one batch: a buffer of NIO's, so that a socket can hold on to it, and the address at which it is filled.
///
/// The writer index stands at the end from the start. Bytes are written through `memory`, which NIO's copy-on-write
/// does not see: only the batch's present owner writes, and never while a socket may still be reading.
struct Chunk: @unchecked Sendable {
    let buffer: ByteBuffer
    let memory: UnsafeMutableRawBufferPointer

    init(capacity: Int) {
        var buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.moveWriterIndex(to: capacity)
        memory = buffer.withUnsafeMutableReadableBytes { $0 }
        self.buffer = buffer
    }

    /// Bytes that count against `buffer.memory`.
    var size: Int { memory.count }

    /// The first `count` bytes, for a socket; nothing is copied.
    func prefix(_ count: Int) -> ByteBuffer {
        // Never nil: a batch does not outgrow its chunk.
        buffer.getSlice(at: buffer.readerIndex, length: count).unsafelyUnwrapped
    }
}
