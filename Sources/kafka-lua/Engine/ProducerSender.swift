import KafkaProducer
import Logging

/// Sends the records of `kafka-lua send`; with `transactional.id` all of them in one transaction.
final class ProducerSender: RecordSender {
    private let producer: Producer<[UInt8], [UInt8]>
    /// What the text of keys and values stands for.
    private let keySerializer, valueSerializer: NamedSerializer
    private var transaction: Transaction
    private var byteCount = 0
    /// How many records of a topic `send` has thrown for, so that `close` need not name them again.
    private var thrown: [String: Int] = [:]

    private enum Transaction {
        case none, wanted, open
    }

    init(_ configuration: ProducerConfiguration, logger: Logger) throws(Failure) {
        transaction = configuration.transactionalId == nil ? .none : .wanted
        keySerializer = configuration.keySerializer ?? .bytes
        valueSerializer = configuration.valueSerializer ?? .bytes
        do throws(KafkaError) {
            producer = try Producer(
                configuration, keySerializer: .bytes, valueSerializer: .bytes, logger: logger)
        } catch {
            throw Failure(error.message, exitCode: 2)
        }
    }

    func send(_ record: OutgoingRecord) throws(Failure) {
        var headers = Headers()
        for header in record.headers { headers.add(header.name, bytes: header.value) }
        let key: [UInt8]? = if let text = record.key { try keySerializer.bytes(ofText: text) } else { nil }
        let value: [UInt8]? = if let text = record.value { try valueSerializer.bytes(ofText: text) } else { nil }
        byteCount += (key?.count ?? 0) + (value?.count ?? 0)
        do throws(KafkaError) {
            if transaction == .wanted {
                try producer.initTransactions()
                try producer.beginTransaction()
                transaction = .open
            }
            let future = try producer.send(
                ProducerRecord(
                    topic: record.topic, partition: record.partition, key: key, value: value, headers: headers))
            // A record that was refused at once, for want of a topic say, would only be followed by more of its kind.
            if future.isDone { try future.get() }
        } catch {
            thrown[record.topic, default: 0] += 1
            throw Failure(error)
        }
    }

    var counts: ProgressLine.Counts {
        var counts = ProgressLine.Counts()
        for report in producer.deliveryReports {
            counts.sent += report.pending + report.delivered + report.failed
            counts.delivered += report.delivered
            counts.failed += report.failed
        }
        counts.bytes = byteCount
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
