import KafkaProducer
import Logging
import Synchronization

/// Sends the records of `kafka-lua send`; with `transactional.id` all of them in one transaction.
final class ProducerSender: RecordSender, @unchecked Sendable {
    private let producer: Producer<[UInt8], [UInt8]>
    /// What the text of keys and values stands for.
    private let keySerializer, valueSerializer: NamedSerializer
    /// Whether bytes go into batches as they are given.
    private let isDirect: Bool
    private let byteCount = Atomic(0)

    // Of the thread that sends.
    private var transaction: Transaction
    /// How many records of a topic `send` has thrown for, so that `close` need not name them again.
    private var thrown: [String: Int] = [:]

    private enum Transaction {
        case none, wanted, open
    }

    init(_ parts: ProducerParts, logger: Logger) throws(Failure) {
        let configuration = parts.configuration
        transaction = configuration.transactionalId == nil ? .none : .wanted
        keySerializer = configuration.keySerializer ?? .bytes
        valueSerializer = configuration.valueSerializer ?? .bytes
        isDirect = keySerializer.takesText && valueSerializer.takesText && parts.interceptors.isEmpty
        producer = try parts.makeProducer(logger: logger)
    }

    func send(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, _ frame: RecordFrame
    ) throws(Failure) {
        byteCount.store(
            byteCount.load(ordering: .relaxed) + (key?.count ?? 0) + (value?.count ?? 0), ordering: .relaxed)
        if transaction == .wanted { try beginTransaction() }
        let future: DeliveryFuture
        if isDirect {
            future = producer.core.sendLent(
                RecordBytes(key: key, value: value, timestamp: frame.timestamp ?? WallClock.milliseconds),
                headers: frame.headers, to: frame.topic, partition: frame.partition, callback: nil)
        } else {
            future = try sendSerialized(key, value, frame)
        }
        // A record that was refused at once, for want of a topic say, would only be followed by more of its kind.
        if future.isDone { try check(future, frame.topic) }
    }

    private func sendSerialized(
        _ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?, _ frame: RecordFrame
    ) throws(Failure) -> DeliveryFuture {
        let key: [UInt8]? = if let key { try keySerializer.bytes(ofText: Array(key)) } else { nil }
        let value: [UInt8]? = if let value { try valueSerializer.bytes(ofText: Array(value)) } else { nil }
        do throws(KafkaError) {
            return try producer.send(
                ProducerRecord(
                    topic: frame.topic, partition: frame.partition, timestamp: frame.timestamp, key: key, value: value,
                    headers: frame.headers))
        } catch {
            thrown[frame.topic, default: 0] += 1
            throw Failure(error)
        }
    }

    private func check(_ future: DeliveryFuture, _ topic: String) throws(Failure) {
        do throws(KafkaError) {
            try future.accepted().get()
        } catch {
            thrown[topic, default: 0] += 1
            throw Failure(error)
        }
    }

    private func beginTransaction() throws(Failure) {
        do throws(KafkaError) {
            try producer.initTransactions()
            try producer.beginTransaction()
            transaction = .open
        } catch {
            throw Failure(error)
        }
    }

    var counts: ProgressCounts {
        var counts = ProgressCounts(producer.deliveryReports)
        counts.bytes = byteCount.load(ordering: .relaxed)
        return counts
    }

    func close(isComplete: Bool) -> [Failure] {
        var failures: [Failure] = []
        do throws(KafkaError) {
            if transaction == .open, isComplete { try producer.commitTransaction() }
        } catch {
            failures.append(Failure("the transaction was not committed: \(error)"))
        }
        // Closing aborts what was not committed.
        do throws(KafkaError) { try producer.close() } catch { return failures + [Failure(error)] }
        if transaction == .open, !isComplete {
            failures.append(Failure("the transaction was aborted: none of its records is to be read as committed"))
        }
        return failures
            + producer.deliveryReports.filter { $0.failed - $0.aborted > thrown[$0.topic, default: 0] }.failures
    }
}

extension NamedSerializer {
    /// Whether the text of a key or value is its bytes.
    fileprivate var takesText: Bool {
        switch self {
        case .string, .bytes, .json: true
        default: false
        }
    }
}

extension [DeliveryReport] {
    /// What is to be said of the records that were not delivered.
    var failures: [Failure] {
        compactMap { report in
            let count = report.failed - report.aborted
            guard count > 0, let error = report.lastError else { return nil }
            let records = count == 1 ? "1 record was" : "\(ProgressLine.grouped(count)) records were"
            return Failure("\(report.topic): \(records) not delivered: \(error)")
        }
    }
}
