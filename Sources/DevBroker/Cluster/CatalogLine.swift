import KafkaWire

/// A line of the file that names a data folder's topics.
enum CatalogLine: TextLine, Equatable {
    case cluster(id: KafkaUUID)
    case topic(name: String, id: KafkaUUID, partitions: Int)
    /// All ids below this one may have been given to producers.
    case producerIds(below: Int64)

    init?(_ line: Substring) {
        let words = line.split(separator: " ")
        switch (words.first, words.count) {
        case ("cluster", 2):
            guard let id = KafkaUUID(hexadecimal: words[1]) else { return nil }
            self = .cluster(id: id)
        case ("topic", 4):
            let name = String(words[1])
            guard TopicName.fault(in: name) == nil, let id = KafkaUUID(hexadecimal: words[2]),
                let count = Int(words[3]), (1...TopicCatalog.maxPartitions).contains(count)
            else { return nil }
            self = .topic(name: name, id: id, partitions: count)
        case ("producer-ids", 2):
            guard let id = Int64(words[1]) else { return nil }
            self = .producerIds(below: id)
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .cluster(let id): "cluster \(id.hexadecimal)"
        case .topic(let name, let id, let partitions): "topic \(name) \(id.hexadecimal) \(partitions)"
        case .producerIds(let id): "producer-ids \(id)"
        }
    }
}

extension KafkaUUID {
    fileprivate init?(hexadecimal text: Substring) {
        let halves = text.split(separator: "-")
        guard halves.count == 2, let high = UInt64(halves[0], radix: 16), let low = UInt64(halves[1], radix: 16) else {
            return nil
        }
        self.init(high: high, low: low)
    }

    fileprivate var hexadecimal: String { String(high, radix: 16) + "-" + String(low, radix: 16) }
}
