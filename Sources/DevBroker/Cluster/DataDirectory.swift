import KafkaWire

/// A folder with the file `catalog` and, laid out as Kafka does it, a folder for each partition with its log.
struct DataDirectory {
    /// What the catalog says.
    struct Contents {
        var clusterId: KafkaUUID
        /// In the order of their creation.
        var topics: [(name: String, id: KafkaUUID, partitions: Int)] = []
        var nextProducerId: Int64 = 1
    }

    private let path: String
    private let catalog: LineFile<CatalogLine>

    /// Opens the folder for this process alone, or makes it.
    /// - Throws: `StorageError` if it cannot be read or written, or another process has it.
    static func open(path: String) throws(StorageError) -> (directory: DataDirectory, contents: Contents) {
        let (catalog, lines) = try LineFile<CatalogLine>.open(path: path + "/catalog")
        var clusterId: KafkaUUID?
        var contents = Contents(clusterId: .random())
        for line in lines {
            switch line {
            case .cluster(let id): clusterId = id
            case .topic(let name, let id, let partitions): contents.topics.append((name, id, partitions))
            case .producerIds(let next): contents.nextProducerId = next
            }
        }
        if let clusterId {
            contents.clusterId = clusterId
        } else {
            try catalog.append(.cluster(id: contents.clusterId))
        }
        return (DataDirectory(path: path, catalog: catalog), contents)
    }

    /// Reads a partition's log; an empty one if there is none yet. See `PartitionLog.recover`.
    func recoverLog(topic: String, partition: Int) throws(StorageError) -> (log: PartitionLog, bytesCut: Int) {
        try PartitionLog.recover(AppendFile(path: "\(path)/\(topic)-\(partition)/00000000000000000000.log"))
    }

    func record(_ topic: Topic) throws(StorageError) {
        try catalog.append(.topic(name: topic.name, id: topic.id, partitions: topic.partitions.count))
    }

    func recordProducerIds(below limit: Int64) throws(StorageError) {
        try catalog.append(.producerIds(below: limit))
    }

    func close() throws(StorageError) {
        try catalog.close()
    }
}
