import KafkaProducer
import KafkaWire

extension TransactionSimulation {
    package struct Outcome: SimulationOutcome {
        package var seed: UInt64
        package var violations: [String] = []
        package var transactions = 0
        package var committed = 0
        /// Of which it is not known to the program whether they were committed, and are.
        package var committedUnheard = 0
        package var records = 0
        package var visible = 0
        package var offsets = 0
        package var timeUps = 0
        package var programs = 0
        package var fatal = 0
        package var refusals = 0
        package var timeouts = 0
        package var exhaustions = 0

        package init(seed: UInt64, violations: [String] = []) {
            self.seed = seed
            self.violations = violations
        }

        package var figures: [(name: String, count: Int)] {
            [
                ("transactions", transactions), ("committed", committed), ("committed unheard", committedUnheard),
                ("records", records), ("visible", visible), ("offsets", offsets), ("calls out of time", timeUps),
                ("producers", programs), ("fatal", fatal), ("refusals", refusals),
                ("transactions out of time", timeouts), ("ids used up", exhaustions),
            ]
        }
    }

    /// What a reader with `read_committed` sees: where each record is, and which offsets count.
    private struct View {
        var places: [UInt64: [RecordMetadata.Place]] = [:]
        var commits: [(group: String, offsets: [Int32: Int64])] = []
    }

    func judge() -> Outcome {
        var outcome = Outcome(seed: scenario.seed, violations: violations + cluster.violations)
        outcome.violations += programs.flatMap(\.violations)
        outcome.programs = programs.count
        outcome.fatal = programs.count { $0.errors.contains(where: \.isFatal) }
        outcome.timeUps = programs.reduce(0) { $0 + $1.timeUps }
        outcome.refusals = cluster.refusalCount
        outcome.timeouts = cluster.transactions.timeouts
        outcome.exhaustions = cluster.transactions.coordinator.exhaustions
        judgeEnd(&outcome)
        let view = view()
        outcome.visible = view.places.count
        for (number, entry) in journal.entries.sorted(by: { $0.key < $1.key }) { judge(number, entry, view, &outcome) }
        for program in programs { judge(program, view, &outcome) }
        return outcome
    }

    /// Nothing is left of any producer or transaction.
    private func judgeEnd(_ outcome: inout Outcome) {
        for (number, program) in programs.enumerated() where program.core.availableMemory != configuredMemory(program) {
            outcome.violations.append("producer \(number) has \(program.core.availableMemory) bytes free at the end")
        }
        for (index, partition) in cluster.partitions.enumerated() {
            let content = partition.content
            if content.lastStableOffset != content.entries.count {
                outcome.violations.append("a transaction is open for ever in partition \(index)")
            }
        }
        for (name, group) in cluster.transactions.groups where group.hasPending {
            outcome.violations.append("offsets of \(name) are pending for ever")
        }
    }

    private func configuredMemory(_ program: TransactionProgram) -> Int { program.core.configuration.bufferMemory }

    private func view() -> View {
        var view = View()
        for (index, partition) in cluster.partitions.enumerated() {
            for (offset, number) in partition.content.readCommitted {
                view.places[number, default: []].append(.init(partition: Int32(index), offset: Int64(offset)))
            }
        }
        for (name, group) in cluster.transactions.groups.sorted(by: { $0.key < $1.key }) {
            view.commits += group.commits.map { (name, $0) }
        }
        return view
    }

    // MARK: - Records

    private func judge(_ number: UInt64, _ entry: Journal.Entry, _ view: View, _ outcome: inout Outcome) {
        outcome.records += 1
        guard entry.completions.count == 1, let (metadata, error) = entry.completions.first else {
            return outcome.violations.append("record \(number) was completed \(entry.completions.count) times")
        }
        if entry.future?.isDone != true { outcome.violations.append("the future of record \(number) is not done") }
        let places = view.places[number] ?? []
        if places.count > 1 { outcome.violations.append("record \(number) is seen \(places.count) times") }
        guard let place = places.first else { return }
        if let error { outcome.violations.append("record \(number) is seen, though it failed: \(error)") }
        let isToldRight = metadata.partition == place.partition && [-1, place.offset].contains(metadata.offset)
        if error == nil, !isToldRight { outcome.violations.append("record \(number) is not where it was said to be") }
    }

    // MARK: - Transactions

    private func judge(_ program: TransactionProgram, _ view: View, _ outcome: inout Outcome) {
        judgeErrors(of: program, &outcome)
        var order: [Int32: Int64] = [:]
        for transaction in program.transactions {
            outcome.transactions += 1
            let isSeen = judge(transaction, view, &outcome)
            if transaction.fate == .committed { outcome.committed += 1 }
            if transaction.fate == .undecided, isSeen { outcome.committedUnheard += 1 }
            for number in transaction.records {
                guard let place = view.places[number]?.first else { continue }
                if order[place.partition] ?? -1 >= place.offset {
                    outcome.violations.append("record \(number) comes before an older one")
                }
                order[place.partition] = place.offset
            }
        }
    }

    /// Whether all of a transaction is there, or nothing; returns whether it is.
    private func judge(
        _ transaction: TransactionProgram.Transaction, _ view: View, _ outcome: inout Outcome
    ) -> Bool {
        let seen = transaction.records.filter { view.places[$0] != nil }
        let names = "transaction of records \(transaction.records), offsets \(transaction.offsets.map(\.number))"
        let numbers = Set(transaction.offsets.map(\.number))
        let commits = view.commits.filter { commit in commit.offsets.values.contains(where: numbers.contains) }
        let isSeen = !seen.isEmpty || !commits.isEmpty
        let isWhole = seen.count == transaction.records.count && isWhole(transaction.offsets, in: commits)
        switch transaction.fate {
        case .committed where !isWhole:
            outcome.violations.append("a committed \(names) is seen as \(seen), \(commits)")
        case .uncommitted where isSeen:
            outcome.violations.append("an aborted \(names) is seen as \(seen), \(commits)")
        case .undecided where isSeen && !isWhole:
            outcome.violations.append("half of a \(names) is seen: \(seen), \(commits)")
        default: break
        }
        outcome.offsets += commits.count
        return isSeen
    }

    /// Whether each group has all offsets that were sent to it, those of the last call where they concern the same
    /// partition, and nothing of another transaction's.
    private func isWhole(
        _ calls: [TransactionProgram.Transaction.Offsets], in commits: [(group: String, offsets: [Int32: Int64])]
    ) -> Bool {
        Set(calls.map(\.group)).allSatisfy { group in
            let ours = calls.filter { $0.group == group }
            let sent = ours.filter(\.isSent)
            let groupCommits = commits.filter { $0.group == group }
            guard let offsets = groupCommits.first?.offsets, groupCommits.count == 1 else {
                return groupCommits.isEmpty && sent.isEmpty
            }
            let numbers = Set(ours.map(\.number))
            return sent.allSatisfy { offsets[Int32($0.number)] == $0.number }
                && offsets.values.allSatisfy(numbers.contains)
                && offsets[0] == ours.map(\.number).filter { offsets[Int32($0)] != nil }.max()
        }
    }

    // MARK: - Errors

    /// Every error has a cause in what the scenario does to producers.
    private func judgeErrors(of program: TransactionProgram, _ outcome: inout Outcome) {
        // A newer producer, or a transaction that took too long, ends a producer.
        let isFenced = program !== programs.last || cluster.transactions.timeouts > 0
        let isAncient = scenario.transactions?.generation == .ancient
        let retriesEnd = scenario.keys["retries"] != nil
        for error in program.errors {
            let isExpected =
                switch error.kind {
                case .timeout, .recordTooLarge, .bufferExhausted: !error.isFatal || isAncient
                case .broker:
                    switch error.code {
                    case .producerFenced, .invalidProducerEpoch, .invalidProducerIdMapping: isFenced
                    case .transactionAbortable: scenario.faults.abortables > 0 && (!error.isFatal || isAncient)
                    case .invalidRecord: scenario.faults.invalidRecords > 0 && (!error.isFatal || isAncient)
                    case .messageTooLarge: scenario.faults.largestBatch != nil && (!error.isFatal || isAncient)
                    default: retriesEnd && error.code.isRetriable
                    }
                case .network, .malformed: retriesEnd
                default: false
                }
            if !isExpected { outcome.violations.append("without cause: \(error)") }
        }
    }
}

extension RecordMetadata {
    struct Place: Equatable {
        var partition: Int32
        var offset: Int64
    }
}
