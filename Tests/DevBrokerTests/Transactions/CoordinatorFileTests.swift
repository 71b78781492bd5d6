import KafkaWire
import Logging
import TestSupport
import Testing

@testable import DevBroker

#if canImport(Glibc)
    import Glibc
#endif

/// The file of a coordinator does not grow with what is over.
@Suite struct CoordinatorFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/coordinator" }

    init() throws { folder = try TemporaryFolder() }

    private func lineCount(of file: String = "coordinator") throws -> Int {
        try folder.bytes(of: file).count { $0 == UInt8(ascii: "\n") }
    }

    @Test func whatIsOutdatedIsGoneWhenTheFileIsOpened() throws {
        var (file, state) = try CoordinatorFile.open(path: path)
        for line in CoordinatorLineTests.lines + CoordinatorLineTests.lines {
            try file.append(line)
            state.apply(line)
        }
        try file.close()
        #expect(try lineCount() == 12)
        // Of a broker that ended before it was done.
        try folder.write(Array("half a li".utf8), to: "coordinator.new")
        for _ in 0..<2 {
            let (reopened, known) = try CoordinatorFile.open(path: path)
            #expect(known == state)
            try reopened.close()
            #expect(try lineCount() == state.lines.count)
            #expect(throws: (any Error).self) { try folder.bytes(of: "coordinator.new") }
        }
    }

    @Test func theFileBelongsToOneBrokerAfterItWasWrittenAnewToo() throws {
        var (file, _) = try CoordinatorFile.open(path: path)
        for line in CoordinatorLineTests.lines { try file.append(line) }
        try file.close()
        let (reopened, _) = try CoordinatorFile.open(path: path)
        #expect(throws: StorageError.self) { try CoordinatorFile.open(path: path) }
        try reopened.close()
        #expect(throws: Never.self) { try CoordinatorFile.open(path: path) }
    }

    @Test func theFileOfALongRunStaysShort() throws {
        var configuration = DevBrokerConfiguration()
        configuration.dataDirectory = folder.path
        let cluster = try Cluster(configuration)
        let coordinator = try TransactionCoordinator(cluster)
        for group in 0..<400 {
            let place = GroupOffsets.Place(group: "g\(group)", partition: TopicPartition(topic: "orders", index: 0))
            try coordinator.store(GroupOffsets.Position(offset: 1), at: place)
        }
        var client = try coordinator.introduce("t", holding: nil, timeoutMs: 1000)
        for _ in 0..<2000 {
            try coordinator.add(partitions: [TopicPartition(topic: "orders", index: 0)], to: "t", by: client)
            client = try coordinator.end("t", .commit, by: client, bumpsEpoch: true)
        }
        let offsets = coordinator.offsets
        try coordinator.close()
        try cluster.close()
        // Of 6,401 lines 401 count.
        #expect(try lineCount() <= 1000)
        let again = try TransactionCoordinator(Cluster(configuration))
        #expect(again.offsets == offsets)
        let next = try again.introduce("t", holding: nil, timeoutMs: 1000)
        #expect(next == ProducerIdentity(id: client.id, epoch: client.epoch + 1))
    }

    #if canImport(Glibc)
        @Test func theLogsAreClosedEvenIfTheCoordinatorCannotBe() async throws {
            // What cannot be brought to the disk.
            try #require(mkdir(folder.path + "/data", 0o755) == 0)
            try #require(symlink("/dev/null", folder.path + "/data/coordinator") == 0)
            var configuration = DevBrokerConfiguration()
            configuration.dataDirectory = folder.path + "/data"
            configuration.logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let broker = DevBroker(configuration)
            try await broker.start()
            let cluster = try #require(broker.running?.cluster)
            await #expect(throws: DevBrokerError.self) { try await broker.shutdown() }
            #expect(throws: Refusal.self) { try cluster.createTopic("late", partitions: 1) }
        }
    #endif
}
