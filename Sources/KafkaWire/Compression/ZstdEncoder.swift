import CZstd

/// Compresses to one Zstandard frame.
final class ZstdEncoder: CompressionEncoder {
    private let context: OpaquePointer

    init(level: Int) throws(CompressionError) {
        guard let created = ZSTD_createCCtx() else {
            throw .libraryFailed(.zstd, reason: "no compression context")
        }
        context = created
        _ = try count(ZSTD_CCtx_setParameter(created, ZSTD_c_compressionLevel, Int32(level)))
    }

    deinit { ZSTD_freeCCtx(context) }

    func maximumSize(_ count: Int) -> Int { ZSTD_compressBound(count) }

    func encode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        try count(
            ZSTD_compress2(context, output.baseAddress, output.count, input.baseAddress, input.count))
    }

    private func count(_ result: Int) throws(CompressionError) -> Int {
        guard ZSTD_isError(result) == 0 else {
            throw .libraryFailed(.zstd, reason: String(cString: ZSTD_getErrorName(result)))
        }
        return result
    }
}
