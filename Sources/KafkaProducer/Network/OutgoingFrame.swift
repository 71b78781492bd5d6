import KafkaWire
import NIOCore

/// A request as a gather list. Pure.
///
/// Batches go to the socket from where they lie, but for those so small that a copy costs less than a place in the list.
struct OutgoingFrame {
    /// What goes before `rest`, in order; empty if no batch goes from where it lies.
    private(set) var parts: [ByteBuffer] = []
    private(set) var rest: ByteBuffer

    /// Bytes of a batch that is copied.
    static let copiedUpTo = 4096
    /// Bytes that are copied for one request, since copies do not count against `buffer.memory`.
    static let copiedInAll = 32 << 10

    /// - Parameters:
    ///   - head: the request's header.
    ///   - body: the request, with a gap for each of `payloads`.
    init(head: [UInt8], body: WireWriter, payloads: [ByteBuffer], allocator: ByteBufferAllocator) {
        let small = payloads.reduce(0) { $0 + ($1.readableBytes <= Self.copiedUpTo ? $1.readableBytes : 0) }
        var room = min(small, Self.copiedInAll)
        let size = 4 + head.count + body.bytes.count + room
        rest = allocator.buffer(capacity: size)
        var cuts: [(end: Int, payload: ByteBuffer)] = []
        // All at once: each write into a buffer by itself costs as much as this.
        rest.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
            var output = Output(memory: memory)
            withUnsafeBytes(of: Int32(truncatingIfNeeded: head.count + body.totalCount).bigEndian) {
                output.append($0)
            }
            head.withUnsafeBytes { output.append($0) }
            body.bytes.withUnsafeBytes { bytes in
                var position = 0
                for (gap, payload) in zip(body.gaps, payloads) {
                    output.append(UnsafeRawBufferPointer(rebasing: bytes[position..<gap.offset]))
                    position = gap.offset
                    if payload.readableBytes <= min(Self.copiedUpTo, room) {
                        room -= payload.readableBytes
                        payload.withUnsafeReadableBytes { output.append($0) }
                    } else {
                        cuts.append((output.count, payload))
                    }
                }
                output.append(UnsafeRawBufferPointer(rebasing: bytes[position...]))
            }
            return output.count
        }
        // Slices of one buffer: one that is shared already would be copied by the next write.
        for cut in cuts {
            if let slice = rest.readSlice(length: cut.end - rest.readerIndex), slice.readableBytes > 0 {
                parts.append(slice)
            }
            parts.append(cut.payload)
        }
    }
}

/// Memory that is filled from its beginning.
private struct Output {
    let memory: UnsafeMutableRawBufferPointer
    var count = 0

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }
}
