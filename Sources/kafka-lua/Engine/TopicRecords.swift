import KafkaProducer

/// Reads the records of `kafka-lua tail`.
final class TopicRecords: RecordReader {
    private let reader: TopicReader
    private let stopsAtEnd: Bool
    private var ready: ArraySlice<ConsumedRecord> = []
    private let interruption: Interruption
    private let diagnostics: Diagnostics
    /// Whether the topic has been found: from then on a broker that goes away is waited for.
    private var hasBegun = false

    /// How long to wait before a broker that failed is asked again.
    private static let patience = Duration.seconds(1)

    init(
        _ configuration: ProducerConfiguration, _ request: TailRequest, _ diagnostics: Diagnostics,
        until interruption: Interruption
    ) {
        self.diagnostics = diagnostics
        self.interruption = interruption
        reader = TopicReader(
            configuration, topic: request.topic, partitions: request.partition.map { [$0] },
            from: TopicReader.Start(request.start))
        stopsAtEnd = request.stopsAtEnd
    }

    func next() throws(Failure) -> PrintableRecord? {
        while ready.isEmpty {
            if interruption.isRaised { return nil }
            let (records, isAtEnd) = try poll()
            if records.isEmpty, isAtEnd, stopsAtEnd { return nil }
            ready = records[...]
        }
        return ready.popFirst().map { PrintableRecord($0) }
    }

    private func poll() throws(Failure) -> ([ConsumedRecord], Bool) {
        let reader = reader
        do {
            let result = try Blocking.run(until: interruption) { (try await reader.poll(), await reader.isAtEnd) }
            hasBegun = true
            return result
        } catch is CancellationError {
            return ([], false)
        } catch let error as KafkaError where error.isRetriable && hasBegun {
            diagnostics.warn("\(error); trying again")
            try? Blocking.run(until: interruption) { try await Task.sleep(for: Self.patience) }
            return ([], false)
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
