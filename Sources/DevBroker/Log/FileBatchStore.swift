import NIOCore

/// Keeps batches in a file, as Kafka's own segments do: each with its header, nothing in between.
struct FileBatchStore: BatchStore {
    private let file: AppendFile

    init(_ file: AppendFile) {
        self.file = file
    }

    mutating func append(_ batch: ByteBuffer) throws(StorageError) {
        try file.append(batch)
    }

    func read(_ ordinals: Range<Int>, bytes: Range<Int>) throws(StorageError) -> [ByteBuffer] {
        [try file.read(bytes)]
    }

    /// Files keep everything.
    mutating func removeFirst() {}

    mutating func close() throws(StorageError) {
        try file.close()
    }
}
