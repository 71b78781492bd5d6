import CZstd

/// Decompresses Zstandard frames, one after the other, whether or not they state their size.
///
/// The window that a frame may ask for is the library's default limit, 128 MiB: what level 22 needs.
final class ZstdDecoder: CompressionDecoder {
    private let context: OpaquePointer

    init() throws(CompressionError) {
        guard let created = ZSTD_createDCtx() else {
            throw .libraryFailed(.zstd, reason: "no decompression context")
        }
        context = created
    }

    deinit { ZSTD_freeDCtx(context) }

    func decode(_ input: UnsafeRawBufferPointer, into output: inout DecompressionBuffer) throws(CompressionError) {
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        while true {
            let room = try output.room(.zstd)
            var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            let hint = ZSTD_decompressStream(context, &target, &source)
            guard ZSTD_isError(hint) == 0 else {
                throw .malformed(.zstd, reason: String(cString: ZSTD_getErrorName(hint)))
            }
            try output.advance(target.pos, .zstd)
            let isConsumed = source.pos == source.size
            // A frame is complete when nothing more is expected of it.
            if isConsumed && hint == 0 && !input.isEmpty { return }
            if isConsumed, target.pos < target.size { throw .truncated(.zstd) }
        }
    }
}
