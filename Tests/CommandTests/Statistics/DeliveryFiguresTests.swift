import Histogram
import KafkaProducer
import Testing

@testable import kafka_lua

@Suite struct DeliveryFiguresTests {
    @Test func outcomesAreCountedByTopicAndPartition() {
        var figures = DeliveryFigures(start: 0)
        for (topic, partition) in [("a", 2), ("b", 0), ("a", 2), ("a", 0)] {
            let metadata = RecordMetadata(
                topic: topic, partition: Int32(partition), serializedKeySize: -1, serializedValueSize: 10)
            figures.add(metadata, nil, due: 1_000, now: 3_001_000)
        }
        figures.add(RecordMetadata(topic: "b"), KafkaError(.timeout, "late"), due: 0, now: 5_000_000)
        figures.know(partitions: 4, of: "a")
        figures.know(partitions: 4, of: "unknown")
        #expect(
            figures.topics == [
                .init(name: "a", delivered: 3, bytes: 30, partitions: [1, 0, 2, 0]),
                .init(name: "b", delivered: 1, failed: 1, bytes: 10, partitions: [1]),
            ])
        #expect(figures.latency.totalCount == 4)
        #expect(figures.latency.maxRecorded == 3_000)
        #expect(figures.errors.map(\.name) == ["TIMED_OUT"])
        #expect(figures.elapsed == 5_000_000)
    }

    @Test func latenciesAreBinnedInRoundRanges() {
        var latency = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        for value in [0, 1, 1, 2, 4, 60] { latency.record(UInt64(value)) }
        #expect(
            LatencyBins(latency).bins == [
                .init(from: 0, to: 2, count: 3), .init(from: 2, to: 5, count: 2), .init(from: 5, to: 10, count: 0),
                .init(from: 10, to: 20, count: 0), .init(from: 20, to: 50, count: 0),
                .init(from: 50, to: 100, count: 1),
            ])
        // Over more than four powers of ten, each is one.
        latency.record(7_000_000)
        #expect(LatencyBins(latency).bins.map(\.to) == [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000])
        #expect(LatencyBins(Histogram<UInt64>()).bins.isEmpty)
    }

    /// A closure for each record would be the larger part of its cost.
    @Test func recordsOfTheSameMomentShareACallback() {
        let recorder = DeliveryRecorder()
        var callbacks = DeliveryCallbacks()
        let start = MonotonicClock.nanoseconds
        for due in [start, start + 9_999, start + 10_000] {
            callbacks.callback(due: due, of: recorder)(RecordMetadata(topic: "t", partition: 0), nil)
        }
        #expect(recorder.figures.delivered == 3)
        recorder.reset()
        #expect(recorder.figures.delivered == 0)
    }
}
