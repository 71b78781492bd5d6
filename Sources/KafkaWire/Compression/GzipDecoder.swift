import CZlib

/// Decompresses gzip: one member after the other, as Java's stream does.
final class GzipDecoder: CompressionDecoder {
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(
            stream, GzipEncoder.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw .libraryFailed(.gzip, reason: "inflateInit2 gave \(status)")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decode(_ input: UnsafeRawBufferPointer, into output: inout DecompressionBuffer) throws(CompressionError) {
        guard let count = UInt32(exactly: input.count) else { throw .inputTooLarge(input.count) }
        inflateReset(stream)
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = count
        while true {
            let room = try output.room(.gzip)
            let available = UInt32(clamping: room.count)
            stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = available
            let status = inflate(stream, Z_NO_FLUSH)
            try output.advance(Int(available - stream.pointee.avail_out), .gzip)
            switch status {
            case Z_STREAM_END:
                if stream.pointee.avail_in == 0 { return }
                inflateReset(stream)
            case Z_OK:
                // Room left over means that zlib wants input, not room.
                if stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0 { throw .truncated(.gzip) }
            case Z_BUF_ERROR:
                throw .truncated(.gzip)
            case Z_MEM_ERROR:
                throw .libraryFailed(.gzip, reason: "no memory")
            default:
                throw .malformed(.gzip, reason: stream.pointee.msg.map { String(cString: $0) } ?? "\(status)")
            }
        }
    }
}
