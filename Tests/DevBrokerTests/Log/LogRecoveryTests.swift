import KafkaWire
import NIOCore
import TestSupport
import Testing

@testable import DevBroker

@Suite struct LogRecoveryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open() throws -> (log: PartitionLog, bytesCut: Int) {
        try PartitionLog.recover(AppendFile(path: folder.path + "/log"))
    }

    private func baseOffsets(_ log: PartitionLog) throws -> [Int64] {
        var offsets: [Int64] = []
        for buffer in try log.read(from: 0, maxBytes: .max, atLeastOne: true) {
            var batches = RecordBatches(buffer.readableBytesSpan)
            while let batch = try batches.next() { offsets.append(batch.baseOffset) }
        }
        return offsets
    }

    @Test func aLogIsReadBackAsItWas() throws {
        var (log, _) = try open()
        for count in 1...4 { try log.append(TestBatch(Array(repeating: "v", count: count))) }
        try log.close()
        let (again, bytesCut) = try open()
        #expect(bytesCut == 0)
        #expect(again.endOffset == 10)
        #expect(try baseOffsets(again) == [0, 1, 3, 6])
    }

    @Test func producersAreRemembered() throws {
        var (log, _) = try open()
        try log.append(TestBatch(producer: 4, epoch: 2, sequence: 0, count: 2))
        try log.close()
        var (again, _) = try open()
        #expect(try again.append(TestBatch(producer: 4, epoch: 2, sequence: 0, count: 2)).isDuplicate)
        #expect(throws: Refusal.self) { try again.append(TestBatch(producer: 4, epoch: 1, sequence: 2)) }
        #expect(throws: Refusal.self) { try again.append(TestBatch(producer: 4, epoch: 2, sequence: 3)) }
        #expect(try again.append(TestBatch(producer: 4, epoch: 2, sequence: 2)).baseOffset == 2)
    }

    @Test func aTornTailIsCutOffAtAnyByte() throws {
        var (log, _) = try open()
        try log.append(TestBatch("first"))
        let whole = try folder.bytes(of: "log").count
        try log.append(TestBatch("second"))
        try log.close()
        let bytes = try folder.bytes(of: "log")
        for count in whole..<bytes.count {
            try folder.write(Array(bytes[..<count]), to: "log")
            let (again, bytesCut) = try open()
            #expect(bytesCut == count - whole)
            #expect(again.endOffset == 1)
            #expect(try folder.bytes(of: "log").count == whole)
        }
    }

    @Test func aDamagedBatchIsCutOffWithAllThatFollows() throws {
        var (log, _) = try open()
        for value in ["first", "second", "third"] { try log.append(TestBatch(value)) }
        try log.close()
        var bytes = try folder.bytes(of: "log")
        bytes[bytes.count / 2] ^= 1
        try folder.write(bytes, to: "log")
        var (again, _) = try open()
        #expect(again.endOffset == 1)
        #expect(try again.append(TestBatch("fourth")).baseOffset == 1)
        #expect(try baseOffsets(again) == [0, 1])
    }

    @Test func aFileThatIsNoLogIsCutToNothing() throws {
        try folder.write(Array(repeating: 0xff, count: 500), to: "log")
        let (log, bytesCut) = try open()
        #expect(bytesCut == 500)
        #expect(log.endOffset == 0)
    }

    @Test func aLogThatCannotBeWrittenRefusesBatches() throws {
        var (log, _) = try open()
        try log.close()
        #expect {
            try log.append(TestBatch("a"))
        } throws: {
            ($0 as? Refusal)?.code == .kafkaStorageError
        }
        #expect(log.endOffset == 0)
    }

    @Test func aFileThatCannotBeOpenedIsAnError() throws {
        try folder.write([], to: "file")
        #expect(throws: StorageError.self) { try AppendFile(path: folder.path + "/file/log") }
        #expect(throws: StorageError.self) { try AppendFile(path: folder.path) }
    }
}
