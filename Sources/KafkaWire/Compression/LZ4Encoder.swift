import CLZ4

/// Compresses to one LZ4 frame of the kind that Java writes: independent blocks of 64 KB, no checksums, no size.
final class LZ4Encoder: CompressionEncoder {
    private let context: OpaquePointer
    private var preferences = LZ4F_preferences_t()

    /// The level that means the fast compressor to Java's producer (`Lz4BlockOutputStream`).
    private static let fastLevel = 9
    /// The levels of the thorough compressor; below them the frame functions take the fast one.
    private static let thoroughLevels = 3...12

    init(level: Int) throws(CompressionError) {
        var created: OpaquePointer?
        let status = LZ4F_createCompressionContext(&created, UInt32(LZ4F_VERSION))
        guard let created, LZ4F_isError(status) == 0 else {
            throw .libraryFailed(.lz4, reason: "no compression context")
        }
        context = created
        preferences.frameInfo.blockSizeID = LZ4F_max64KB
        preferences.frameInfo.blockMode = LZ4F_blockIndependent
        preferences.autoFlush = 1
        if level != Self.fastLevel {
            preferences.compressionLevel = Int32(
                min(max(level, Self.thoroughLevels.lowerBound), Self.thoroughLevels.upperBound))
        }
    }

    deinit { LZ4F_freeCompressionContext(context) }

    func maximumSize(_ count: Int) -> Int { LZ4F_compressFrameBound(count, &preferences) }

    func encode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        guard let start = output.baseAddress else { throw .outputTooSmall(needed: 1, available: 0) }
        var written = try count(LZ4F_compressBegin(context, start, output.count, &preferences))
        if let source = input.baseAddress, input.count > 0 {
            written += try count(
                LZ4F_compressUpdate(context, start + written, output.count - written, source, input.count, nil))
        }
        written += try count(LZ4F_compressEnd(context, start + written, output.count - written, nil))
        return written
    }

    private func count(_ result: Int) throws(CompressionError) -> Int {
        guard LZ4F_isError(result) == 0 else {
            throw .libraryFailed(.lz4, reason: String(cString: LZ4F_getErrorName(result)))
        }
        return result
    }
}
