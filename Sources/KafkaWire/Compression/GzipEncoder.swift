import CZlib

/// Compresses to one gzip member.
final class GzipEncoder: CompressionEncoder {
    // zlib keeps the address of its stream, so that it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// The largest window, and 16 for the gzip wrapper.
    static let windowBits = MAX_WBITS + 16

    init(level: Int) throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, Self.windowBits, 8, Z_DEFAULT_STRATEGY,
            ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw .libraryFailed(.gzip, reason: "deflateInit2 gave \(status)")
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func maximumSize(_ count: Int) -> Int { Int(deflateBound(stream, UInt(count))) }

    func encode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        // At the end, not at the start: `deflateBound` leaves out the wrapper of a stream that is finished.
        defer { deflateReset(stream) }
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        let room = UInt32(clamping: output.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = room
        let status = deflate(stream, Z_FINISH)
        guard status == Z_STREAM_END else { throw .libraryFailed(.gzip, reason: "deflate gave \(status)") }
        return Int(room - stream.pointee.avail_out)
    }
}
