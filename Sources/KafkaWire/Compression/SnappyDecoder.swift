import CSnappy

/// Decompresses framed blocks, and a bare block as clients in C write it.
final class SnappyDecoder: CompressionDecoder {
    func decode(_ input: UnsafeRawBufferPointer, into output: inout DecompressionBuffer) throws(CompressionError) {
        guard input.starts(with: SnappyFraming.magic) else { return try block(input, into: &output) }
        var read = SnappyFraming.header.count
        guard read <= input.count else { throw .truncated(.snappy) }
        while read < input.count {
            guard input.count - read >= 4 else { throw .truncated(.snappy) }
            let length = Int(
                Int32(bigEndian: input.loadUnaligned(fromByteOffset: read, as: Int32.self)))
            read += 4
            guard length >= 0 else { throw .malformed(.snappy, reason: "a block of \(length) bytes") }
            guard length <= input.count - read else { throw .truncated(.snappy) }
            try block(UnsafeRawBufferPointer(rebasing: input[read..<read + length]), into: &output)
            read += length
        }
    }

    private func block(
        _ input: UnsafeRawBufferPointer, into output: inout DecompressionBuffer
    ) throws(CompressionError) {
        let start = input.baseAddress?.assumingMemoryBound(to: CChar.self)
        var count = 0
        guard snappy_uncompressed_length(start, input.count, &count) == SNAPPY_OK else {
            throw .malformed(.snappy, reason: "no length")
        }
        // The length is a claim of up to 4 GB: no memory is given to what the bytes cannot hold.
        guard count / SnappyFraming.largestRatio <= input.count else {
            throw .malformed(.snappy, reason: "\(input.count) bytes cannot hold \(count)")
        }
        let room = try output.room(exactly: count, .snappy)
        let status = snappy_uncompress(
            start, input.count, room.baseAddress?.assumingMemoryBound(to: CChar.self), &count)
        guard status == SNAPPY_OK else { throw .malformed(.snappy, reason: "a block that does not decompress") }
        try output.advance(count, .snappy)
    }
}
