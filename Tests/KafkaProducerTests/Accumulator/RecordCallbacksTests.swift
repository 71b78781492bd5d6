import Testing

@testable import KafkaProducer

@Suite struct RecordCallbacksTests {
    let log = Log<String>()

    /// What the compiler wraps a closure in for a moment may lie where it lay for the one before.
    @Test func eachRecordHasItsOwnCallback() {
        var callbacks = RecordCallbacks()
        let boxes = (0..<100 as Range<Int32>).map { Box(callback: callback($0)) }
        for index in boxes.indices { callbacks.append(boxes[index].callback, for: Int32(index)) }
        call(callbacks)
        #expect(log.entries == (0..<100).map { "\($0)" })
    }

    @Test func theSameCallbackIsCalledForEachOfItsRecords() {
        var callbacks = RecordCallbacks()
        let shared: DeliveryCallback = { [log] metadata, _ in log.append("shared \(metadata.offset)") }
        for index in 0..<3 as Range<Int32> { callbacks.append(shared, for: index) }
        call(callbacks)
        #expect(log.entries == ["shared 0", "shared 1", "shared 2"])
    }

    @Test func recordsWithoutACallbackArePassedOver() {
        var callbacks = RecordCallbacks()
        let shared: DeliveryCallback = { [log] metadata, _ in log.append("\(metadata.offset)") }
        callbacks.append(shared, for: 1)
        callbacks.append(shared, for: 3)
        call(callbacks)
        #expect(log.entries == ["1", "3"])
    }

    private struct Box {
        let callback: DeliveryCallback
    }

    private func callback(_ index: Int32) -> DeliveryCallback { { [log] _, _ in log.append("\(index)") } }

    private func call(_ callbacks: RecordCallbacks) {
        for run in callbacks.runs {
            for index in run.first...run.last { run.callback(RecordMetadata(topic: "t", offset: Int64(index)), nil) }
        }
    }
}
