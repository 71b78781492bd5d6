/// One codec's way to decompress; an instance keeps the library's state between batches.
protocol CompressionDecoder: AnyObject {
    /// Appends the decompressed bytes to `output`, whose limit it respects.
    func decode(_ input: UnsafeRawBufferPointer, into output: inout DecompressionBuffer) throws(CompressionError)
}
