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
