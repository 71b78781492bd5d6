import KafkaWire
import TestSupport
import Testing

@testable import DevBroker

@Suite struct CatalogLineTests {
    private let folder: TemporaryFolder
    private let lines: [CatalogLine] = [
        .cluster(id: KafkaUUID(high: 1, low: .max)),
        .topic(name: "orders", id: KafkaUUID(high: 0xabc, low: 0), partitions: 3),
        .producerIds(below: 1000),
    ]

    init() throws { folder = try TemporaryFolder() }

    private func open() throws -> (file: LineFile<CatalogLine>, lines: [CatalogLine]) {
        try LineFile<CatalogLine>.open(path: folder.path + "/catalog")
    }

    @Test func linesAreReadBack() throws {
        let (file, none) = try open()
        #expect(none.isEmpty)
        for line in lines { try file.append(line) }
        try file.close()
        #expect(try open().lines == lines)
    }

    @Test func aLineThatWasNotWrittenToItsEndIsCutOff() throws {
        let (file, _) = try open()
        for line in lines { try file.append(line) }
        try file.close()
        let bytes = try folder.bytes(of: "catalog")
        try folder.write(bytes.dropLast(), to: "catalog")
        let (again, read) = try open()
        #expect(read == Array(lines.dropLast()))
        try again.append(lines[2])
        try again.close()
        #expect(try folder.bytes(of: "catalog") == bytes)
    }

    @Test(arguments: [
        "nonsense", "topic a 1-1", "topic ../a 1-1 1", "topic a 1-1 0", "topic a b c", "cluster x", "producer-ids -",
        "topic a 1-1 3 4",
    ])
    func aLineThatMeansNothingIsAnErrorThatNamesIt(line: String) throws {
        try folder.write(Array("producer-ids 1\n\(line)\n".utf8), to: "catalog")
        #expect {
            try open()
        } throws: {
            "\($0)".contains("line 2 ") && "\($0)".contains(line)
        }
    }

    @Test func twoBrokersCannotHaveTheSameFolder() throws {
        let (file, _) = try open()
        #expect { try open() } throws: { "\($0)".contains("in use") }
        try file.close()
        #expect(throws: Never.self) { try open() }
    }
}
