import Testing

@testable import KafkaProducer

@Suite struct RecordCallbacksTests {
    private let metadata = RecordMetadata(topic: "t", partition: 0)

    private func called(_ callbacks: RecordCallbacks, records: Int, _ log: Log<Int>) -> [Int] {
        var calls = callbacks.calls
        for _ in 0..<records { calls.next { _, callback in callback(metadata, nil) } }
        return log.entries
    }

    /// Closures that are made one after the other may lie where the last one's copies lay.
    @Test func closuresThatCaptureDifferentThingsAreEachCalledOnce() {
        let log = Log<Int>()
        for _ in 0..<20 {
            var callbacks = RecordCallbacks()
            for number in 0..<1000 { callbacks.append({ _, _ in log.append(number) }, for: Int32(number)) }
            #expect(called(callbacks, records: 1000, log).suffix(1000) == Array(0..<1000))
        }
    }

    @Test func oneClosureForAllIsCalledForEach() {
        let log = Log<Int>()
        var callbacks = RecordCallbacks()
        let callback: DeliveryCallback = { _, _ in log.append(7) }
        for number in [0, 1, 2, 5] { callbacks.append(callback, for: Int32(number)) }
        #expect(called(callbacks, records: 6, log) == [7, 7, 7, 7])
    }
}
