import ChildProcess
import KafkaProducer
import Logging

/// Sends the records of `kafka-lua perf`, and measures.
final class LoadTest: Sendable {
    private let producer: Producer<[UInt8], [UInt8]>
    private let request: LoadRequest
    private let recorder: DeliveryRecorder

    init(_ parts: ProducerParts, _ request: LoadRequest, logger: Logger) throws(Failure) {
        producer = try parts.makeProducer(logger: logger)
        self.request = request
        recorder = DeliveryRecorder()
    }

    /// How far it is. From any thread.
    var counts: ProgressCounts {
        var counts = ProgressCounts(producer.deliveryReports)
        counts.bytes = counts.delivered * request.size
        counts.part = Double(counts.delivered + counts.failed) / Double(max(1, request.records))
        return counts
    }

    /// Sends all records and waits for them.
    /// - Parameter isStopped: asked before each record; true ends the sending.
    func run(isStopped: () -> Bool) throws(Failure) -> LoadResult {
        let payload = LoadPayload(request)
        do throws(KafkaError) {
            // Connections and metadata are there before the clock starts.
            let partitions = try producer.partitions(of: request.topic)
            recorder.reset()
            let before = ProcessUsage.now()
            let sent = try send(payload, isStopped)
            try producer.flush()
            let after = ProcessUsage.now()
            var figures = recorder.figures
            figures.know(partitions: Int(partitions.count), of: request.topic)
            try producer.close()
            return LoadResult(
                request: request, sent: sent, figures: figures, processor: after.processor - before.processor,
                peakBytes: after.peakBytes)
        } catch {
            try? producer.close(timeout: .zero)
            throw Failure(error)
        }
    }

    /// Returns how many were sent.
    private func send(_ payload: LoadPayload, _ isStopped: () -> Bool) throws(KafkaError) -> Int {
        let (keys, values, topic) = (payload.keys, payload.values, request.topic)
        let interval = request.rate.map { 1e9 / $0 }
        let start = MonotonicClock.nanoseconds
        var callbacks = DeliveryCallbacks()
        var (key, value) = (0, 0)
        for number in 0..<request.records {
            if isStopped() { return number }
            var due = MonotonicClock.nanoseconds
            if let interval {
                // An open loop: what a stall has delayed counts from when it was due, and is caught up with.
                let planned = start + Int64(Double(number) * interval)
                while planned > due, !isStopped() {
                    MonotonicClock.sleep(until: min(planned, due + Self.patience))
                    due = MonotonicClock.nanoseconds
                }
                due = planned
            }
            try producer.send(
                ProducerRecord(topic: topic, key: keys.isEmpty ? nil : keys[key], value: values[value]),
                onCompletion: callbacks.callback(due: due, of: recorder))
            key = key + 1 >= keys.count ? 0 : key + 1
            value = value + 1 == values.count ? 0 : value + 1
        }
        return request.records
    }

    /// Nanoseconds after which a wait looks whether it is to stop.
    private static let patience: Int64 = 100_000_000
}
