import ChildProcess
import DevBroker
import KafkaWire
import Synchronization
import Testing

/// A producer in a process of its own, whose memory is measured, and a broker that stops to answer.
@Suite struct BufferMemoryTests {
    @Test(arguments: [(100, 16 << 20), (1000, 64 << 20), (100_000, 64 << 20)])
    func memoryIsBoundedAndSendFailsWhileABrokerIsSilentAndTheRestArrivesOnce(
        recordBytes: Int, bufferMemory: Int
    ) async throws {
        let broker = DevBroker()
        try await broker.start()
        try broker.createTopic("flood", partitions: 1)
        var child = try ChildProcess(
            BuiltProduct("soak").path,
            [
                "flood", broker.bootstrapServers, "--buffer-memory", "\(bufferMemory)",
                "--record-bytes", "\(recordBytes)", "--max-block-milliseconds", "200",
            ])
        func next(_ step: String) throws -> [Int] {
            let line = try child.readLine(within: .seconds(60))
            let words = line?.split(separator: " ").map(String.init) ?? []
            guard words.first == step else {
                let errors = try child.finish().errors
                throw UnexpectedLine(line: line, errors: errors)
            }
            return words.dropFirst().compactMap { Int($0) }
        }

        let idle = try next("idle")[0]
        broker.isSilent = true
        try child.write("flood\n")
        let exhausted = try next("exhausted")
        let (sent, blockedMilliseconds, peak) = (exhausted[0], exhausted[1], exhausted[2])
        #expect(blockedMilliseconds >= 200)
        #expect(sent * recordBytes > bufferMemory / 2)
        #expect((peak - idle) * 1024 <= bufferMemory + (32 << 20))

        broker.isSilent = false
        try child.write("go on\n")
        let closed = try next("closed")
        // All but the one that did not get memory.
        #expect(Array(closed[..<4]) == [sent + 1, sent, 1, 0])
        #expect((closed[4] - idle) * 1024 <= bufferMemory + (32 << 20))
        #expect(try child.finish().status == 0)

        let found = Mutex<[Int64]>([])
        try broker.forEachRecord(topic: "flood", partition: 0) { record in
            guard let value = record.value, value.byteCount >= 8 else { return }
            let number = Int64(bigEndian: value.unsafeLoadUnaligned(as: Int64.self))
            found.withLock { $0.append(number) }
        }
        let refused = Int64(sent - 1)
        #expect(found.withLock { $0 } == Array(0..<refused) + [refused + 1])
        try await broker.shutdown()
    }
}

/// A step that did not come.
struct UnexpectedLine: Error, CustomStringConvertible {
    let line: String?
    let errors: String

    var description: String { "unexpected: \(line ?? "the end"); \(errors)" }
}
