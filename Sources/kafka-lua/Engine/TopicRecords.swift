import KafkaProducer
import Synchronization

/// Reads the records of `kafka-lua tail`.
final class TopicRecords: RecordReader {
    private let reader: TopicReader
    private let stopsAtEnd: Bool
    private var ready: ArraySlice<ConsumedRecord> = []
    private let isStopped = Atomic(false)

    init(_ configuration: ProducerConfiguration, _ request: TailRequest) {
        reader = TopicReader(
            configuration, topic: request.topic, partitions: request.partition.map { [$0] },
            from: TopicReader.Start(request.start))
        stopsAtEnd = request.stopsAtEnd
    }

    func next() throws(Failure) -> PrintableRecord? {
        while ready.isEmpty {
            if isStopped.load(ordering: .relaxed) { return nil }
            let (records, isAtEnd) = try poll()
            if records.isEmpty, isAtEnd, stopsAtEnd { return nil }
            ready = records[...]
        }
        return ready.popFirst().map { PrintableRecord($0) }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func poll() throws(Failure) -> ([ConsumedRecord], Bool) {
        let reader = reader
        do {
            return try Blocking.run { (try await reader.poll(), await reader.isAtEnd) }
        } catch {
            throw Failure(error)
        }
    }
}

extension TopicReader.Start {
    init(_ start: TailRequest.Start) {
        switch start {
        case .beginning: self = .beginning
        case .end: self = .end
        case .offset(let offset) where offset < 0: self = .last(-offset)
        case .offset(let offset): self = .offset(offset)
        }
    }
}

extension PrintableRecord {
    init(_ record: ConsumedRecord) {
        self.init(
            topic: record.topic, partition: record.partition, offset: record.offset, timestamp: record.timestamp,
            key: record.key, value: record.value,
            headers: record.headers.map { Header(name: $0.name, value: $0.value) })
    }
}
