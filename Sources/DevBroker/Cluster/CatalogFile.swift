import KafkaWire
import NIOCore

/// The file that names a data folder's topics: lines of text, the newest last.
struct CatalogFile {
    enum Line: Equatable {
        case cluster(id: KafkaUUID)
        case topic(name: String, id: KafkaUUID, partitions: Int)
        /// All ids below this one may have been given to producers.
        case producerIds(below: Int64)
    }

    private let file: AppendFile

    /// Opens the file for this process alone, and reads it. A line that was not written to its end is cut off.
    /// - Throws: `StorageError` if it cannot be read, another process has it, or a line means nothing.
    static func open(path: String) throws(StorageError) -> (file: CatalogFile, lines: [Line]) {
        let file = try AppendFile(path: path)
        try file.lock()
        let text = String(buffer: try file.read(0..<file.count))
        let whole = text.utf8.lastIndex(of: UInt8(ascii: "\n")).map { text[...$0] } ?? ""
        if whole.utf8.count < file.count { try file.truncate(to: whole.utf8.count) }
        var lines: [Line] = []
        for (index, words) in whole.split(separator: "\n").enumerated() {
            guard let line = Line(words) else {
                throw StorageError(description: "line \(index + 1) of \(path) cannot be understood: '\(words)'")
            }
            lines.append(line)
        }
        return (CatalogFile(file: file), lines)
    }

    func append(_ line: Line) throws(StorageError) {
        try file.append(ByteBuffer(string: line.text + "\n"))
    }

    func close() throws(StorageError) {
        try file.finish()
    }
}

extension CatalogFile.Line {
    fileprivate init?(_ line: Substring) {
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

    fileprivate var text: String {
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
