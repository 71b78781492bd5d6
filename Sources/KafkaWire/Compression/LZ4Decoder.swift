import CLZ4

/// Decompresses LZ4 frames, one after the other.
final class LZ4Decoder: CompressionDecoder {
    private let context: OpaquePointer

    init() throws(CompressionError) {
        var created: OpaquePointer?
        let status = LZ4F_createDecompressionContext(&created, UInt32(LZ4F_VERSION))
        guard let created, LZ4F_isError(status) == 0 else {
            throw .libraryFailed(.lz4, reason: "no decompression context")
        }
        context = created
    }

    deinit { LZ4F_freeDecompressionContext(context) }

    func decode(_ input: UnsafeRawBufferPointer, into output: inout DecompressionBuffer) throws(CompressionError) {
        LZ4F_resetDecompressionContext(context)
        var rest = input
        while true {
            let room = try output.room(.lz4)
            var (read, written) = (rest.count, room.count)
            let hint = LZ4F_decompress(context, room.baseAddress, &written, rest.baseAddress, &read, nil)
            guard LZ4F_isError(hint) == 0 else {
                throw .malformed(.lz4, reason: String(cString: LZ4F_getErrorName(hint)))
            }
            try output.advance(written, .lz4)
            rest = UnsafeRawBufferPointer(rebasing: rest[read...])
            // A frame is complete when nothing more is expected of it.
            if rest.isEmpty && hint == 0 && !input.isEmpty { return }
            if rest.isEmpty && written < room.count { throw .truncated(.lz4) }
        }
    }
}
