import CSnappy

/// Compresses to framed blocks, as Java's producer does.
final class SnappyEncoder: CompressionEncoder {
    func maximumSize(_ count: Int) -> Int {
        let blocks = (count + SnappyFraming.blockSize - 1) / SnappyFraming.blockSize
        let largestBlock = snappy_max_compressed_length(min(count, SnappyFraming.blockSize))
        return SnappyFraming.header.count + blocks * (MemoryLayout<Int32>.size + largestBlock)
    }

    func encode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        output.copyBytes(from: SnappyFraming.header)
        var written = SnappyFraming.header.count
        var read = 0
        while read < input.count {
            let block = UnsafeRawBufferPointer(
                rebasing: input[read..<min(read + SnappyFraming.blockSize, input.count)])
            let room = UnsafeMutableRawBufferPointer(rebasing: output[(written + 4)...])
            var count = room.count
            let status = snappy_compress(
                block.baseAddress?.assumingMemoryBound(to: CChar.self), block.count,
                room.baseAddress?.assumingMemoryBound(to: CChar.self), &count)
            guard status == SNAPPY_OK else {
                throw .libraryFailed(.snappy, reason: "snappy_compress gave \(status.rawValue)")
            }
            output.storeBytes(of: Int32(count).bigEndian, toByteOffset: written, as: Int32.self)
            written += 4 + count
            read += block.count
        }
        return written
    }
}
