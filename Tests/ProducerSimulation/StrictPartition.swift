package import KafkaProducer
package import KafkaWire

/// A partition of a broker that takes an idempotent producer's batches as Kafka does (ProducerAppendInfo): a batch that
/// repeats one of the last five is not stored again, and any other must follow on the last one.
package struct StrictPartition {
    private struct Stored {
        var base: Int32
        var count: Int32
        var offset: Int64
    }

    private struct ProducerState {
        var epoch: Int16
        var latest: [Stored] = []
        /// Where the open transaction begins.
        var transactionStart: Int?
    }

    /// What stands at an offset.
    package struct Entry {
        package enum Content: Equatable {
            case record(UInt64)
            case marker(commits: Bool)
        }

        package var content: Content
        package var producerId: Int64 = -1
    }

    /// The records of an aborted transaction, as a broker tells readers of it.
    private struct Aborted {
        var producerId: Int64
        var first: Int
    }

    package private(set) var entries: [Entry] = []
    /// Batches that were recognised as repeated.
    package private(set) var duplicates = 0
    /// How often a producer came with a new epoch.
    package private(set) var epochs = 0
    private var producers: [Int64: ProducerState] = [:]
    private var aborted: [Aborted] = []

    package init() {}

    /// The records by their offsets; a marker's place is taken by the highest number.
    package var log: [UInt64] {
        entries.map { if case .record(let number) = $0.content { number } else { .max } }
    }

    /// Stores a batch, or says why not; the offset is that of its first record.
    package mutating func append(
        _ records: [UInt64], identity: ProducerIdentity?, base: Int32, isTransactional: Bool = false
    ) -> (code: ErrorCode, offset: Int64) {
        guard let identity else { return (.none, store(records, by: -1)) }
        let count = Int32(records.count)
        // A producer that is not known may begin anywhere.
        var state = producers[identity.id] ?? ProducerState(epoch: identity.epoch)
        if identity.epoch < state.epoch { return (.invalidProducerEpoch, -1) }
        if identity.epoch > state.epoch {
            guard base == 0 else { return (.outOfOrderSequenceNumber, -1) }
            state = ProducerState(epoch: identity.epoch, transactionStart: state.transactionStart)
            epochs += 1
        } else if let last = state.latest.last {
            if let same = state.latest.first(where: { $0.base == base && $0.count == count }) {
                duplicates += 1
                return (.none, same.offset)
            }
            let next = Int32(truncatingIfNeeded: (Int64(last.base) + Int64(last.count)) & Int64(Int32.max))
            guard base == next else { return (.outOfOrderSequenceNumber, -1) }
        } else if producers[identity.id] != nil, base != 0 {
            // The epoch came with a marker: nothing has been written under it.
            return (.outOfOrderSequenceNumber, -1)
        }
        if isTransactional, state.transactionStart == nil { state.transactionStart = entries.count }
        let offset = store(records, by: identity.id)
        state.latest = state.latest.suffix(4) + [Stored(base: base, count: count, offset: offset)]
        producers[identity.id] = state
        return (.none, offset)
    }

    private mutating func store(_ records: [UInt64], by producer: Int64) -> Int64 {
        defer { entries += records.map { Entry(content: .record($0), producerId: producer) } }
        return Int64(entries.count)
    }

    // MARK: - Transactions

    /// Whether the producer has written to the transaction that is open, under that epoch.
    func hasOpenTransaction(of identity: ProducerIdentity) -> Bool {
        guard let state = producers[identity.id] else { return false }
        return state.transactionStart != nil && state.epoch == identity.epoch
    }

    /// Writes the marker that ends a transaction. Batches of a lower epoch are refused from now on.
    mutating func end(by identity: ProducerIdentity, commits: Bool) {
        var state = producers[identity.id] ?? ProducerState(epoch: identity.epoch)
        if let first = state.transactionStart, !commits {
            aborted.append(Aborted(producerId: identity.id, first: first))
        }
        if identity.epoch > state.epoch { state = ProducerState(epoch: identity.epoch) }
        state.transactionStart = nil
        producers[identity.id] = state
        entries.append(Entry(content: .marker(commits: commits), producerId: identity.id))
    }

    /// Before it every transaction has ended.
    var lastStableOffset: Int { producers.values.compactMap(\.transactionStart).min() ?? entries.count }

    /// The records that a reader with `read_committed` gets: none after the last stable offset, and those of aborted
    /// transactions sorted out by the list that the broker sends along.
    var readCommitted: [(offset: Int, number: UInt64)] {
        var upcoming = aborted.sorted { $0.first < $1.first }[...]
        var skipped: Set<Int64> = []
        var view: [(offset: Int, number: UInt64)] = []
        for (offset, entry) in entries[..<lastStableOffset].enumerated() {
            while let next = upcoming.first, next.first <= offset {
                skipped.insert(next.producerId)
                upcoming.removeFirst()
            }
            switch entry.content {
            case .marker: skipped.remove(entry.producerId)
            case .record(let number) where !skipped.contains(entry.producerId): view.append((offset, number))
            case .record: break
            }
        }
        return view
    }
}
