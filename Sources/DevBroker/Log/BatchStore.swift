import NIOCore

/// Where a partition's batches are kept, one after the other.
protocol BatchStore: Sendable {
    /// Adds a batch behind the others.
    /// - Throws: `StorageError`; the store is then as it was before.
    mutating func append(_ batch: ByteBuffer) throws(StorageError)
    /// Reads batches that follow each other.
    /// - Parameters:
    ///   - ordinals: Which batches of those that are kept, from 0.
    ///   - bytes: Where they lie, counted over all batches that were ever appended.
    func read(_ ordinals: Range<Int>, bytes: Range<Int>) throws(StorageError) -> [ByteBuffer]
    /// Forgets the oldest batch.
    mutating func removeFirst()
    /// Brings everything to where it is kept; nothing is appended after that.
    mutating func finish() throws(StorageError)
}

/// A file that cannot be read or written.
struct StorageError: Error, CustomStringConvertible {
    var description: String
}
