import KafkaProducer
import Testing

/// Expects that all records that were sent are stored, each once, with offsets that count from 0 in each partition,
/// and records of the same key in the same partition in the order in which they were sent.
func expectSame(_ read: [Line], _ sent: [Line], sourceLocation: SourceLocation = #_sourceLocation) {
    func counted(_ lines: [Line]) -> [Line: Int] {
        Dictionary(lines.map { ($0.content, 1) }, uniquingKeysWith: +)
    }
    #expect(counted(read) == counted(sent), sourceLocation: sourceLocation)
    for lines in Dictionary(grouping: read, by: \.partition).values {
        #expect(lines.compactMap(\.offset) == Array(0..<lines.count), sourceLocation: sourceLocation)
    }
    for (key, expected) in Dictionary(grouping: sent, by: \.key) where key != nil {
        let lines = read.filter { $0.key == key }
        #expect(Set(lines.map(\.partition)).count == 1, sourceLocation: sourceLocation)
        #expect(lines.map(\.value) == expected.map(\.value), sourceLocation: sourceLocation)
    }
}

/// Expects each record where our producer said that it was stored.
func expectPlaces(
    _ stored: [RecordMetadata], of sent: [Line], in read: [Line], sourceLocation: SourceLocation = #_sourceLocation
) {
    struct Place: Hashable {
        var partition: Int?
        var offset: Int?
    }
    let found = Dictionary(
        read.map { (Place(partition: $0.partition, offset: $0.offset), $0.content) }, uniquingKeysWith: { $1 })
    for (metadata, line) in zip(stored, sent) {
        let place = Place(partition: Int(metadata.partition), offset: Int(metadata.offset))
        #expect(found[place] == line, sourceLocation: sourceLocation)
    }
}
