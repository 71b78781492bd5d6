/// One codec's way to compress a whole section of records; an instance keeps the library's state between batches.
protocol CompressionEncoder: AnyObject {
    /// The most bytes that `count` bytes may become.
    func maximumSize(_ count: Int) -> Int

    /// Compresses into `output`, which has at least `maximumSize(input.count)` bytes, and returns how many it wrote.
    func encode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int
}
