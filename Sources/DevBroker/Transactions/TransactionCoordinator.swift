import KafkaWire
import Logging
import Synchronization

/// Coordinates transactions, and keeps the offsets of groups (Java's `TransactionCoordinator` and
/// `GroupCoordinator`, as far as producers need them). Safe on any thread.
///
/// What a transaction writes is written under the coordinator's lock, so that nothing gets behind a marker. Once an
/// end is decided and on record it is carried out, if need be after a restart.
final class TransactionCoordinator: Sendable {
    let cluster: Cluster
    private let clock: @Sendable () -> Int64
    private let state: Mutex<State>

    private struct State {
        var known = CoordinatorState()
        var file: CoordinatorFile?

        var transactions: [String: Transaction] { known.transactions }
    }

    /// Reads what the data folder says, if there is one.
    /// - Parameter clock: Milliseconds since 1970.
    /// - Throws: `StorageError` if it cannot be read.
    init(
        _ cluster: Cluster, clock: @escaping @Sendable () -> Int64 = { WallClock.milliseconds }
    ) throws(StorageError) {
        self.cluster = cluster
        self.clock = clock
        var state = State()
        if let path = cluster.configuration.dataDirectory {
            let (file, known) = try CoordinatorFile.open(path: path + "/coordinator")
            (state.file, state.known) = (file, known)
        }
        self.state = Mutex(state)
    }

    /// Whether the ends that the coordinator decides by itself have an epoch of their own (KIP-890).
    private var bumpsEpoch: Bool { cluster.configuration.transactionVersion >= 2 }

    /// Gives the producer of a transactional id its id and epoch.
    /// - Throws: `Refusal`; CONCURRENT_TRANSACTIONS if another producer's transaction had to be aborted first.
    func introduce(
        _ id: String, holding held: ProducerIdentity?, timeoutMs: Int32
    ) throws(Refusal) -> ProducerIdentity {
        try state.withLock { (state) throws(Refusal) in
            var transaction: Transaction
            if let known = state.transactions[id] {
                transaction = known
            } else {
                transaction = Transaction(producerId: try cluster.newProducerId())
            }
            let introduction = try transaction.introduce(
                holding: held, timeoutMs: timeoutMs, bumpsEpoch: bumpsEpoch
            ) { () throws(Refusal) in
                try cluster.newProducerId()
            }
            try record(transaction, id, in: &state)
            guard introduction == .ready else {
                try finish(id, in: &state)
                throw Refusal(.concurrentTransactions, "the transaction of the producer before this one is aborted")
            }
            return transaction.producer
        }
    }

    /// Makes partitions or groups part of a transaction.
    func add(
        partitions: Set<TopicPartition> = [], groups: Set<String> = [], to id: String, by client: ProducerIdentity
    ) throws(Refusal) {
        try state.withLock { (state) throws(Refusal) in
            try add(partitions: partitions, groups: groups, to: id, by: client, in: &state)
        }
    }

    /// Writes to a partition as part of a transaction.
    /// - Parameter addition: Whether the partition has to have been added.
    func write<Result>(
        to partition: TopicPartition, in id: String, by client: ProducerIdentity, _ addition: Addition,
        _ body: () throws(Refusal) -> Result
    ) throws(Refusal) -> Result {
        try state.withLock { (state) throws(Refusal) in
            switch addition {
            case .implicit: try add(partitions: [partition], to: id, by: client, in: &state)
            case .required(let code):
                try transaction(id, in: state).verify({ $0.partitions.contains(partition) }, by: client, else: code)
            }
            return try body()
        }
    }

    /// How what a transaction writes to becomes part of it.
    enum Addition {
        /// By the first write (KIP-890).
        case implicit
        /// By a request; a write without it is refused with the code.
        case required(ErrorCode)

        var isImplicit: Bool {
            if case .implicit = self { true } else { false }
        }
    }

    /// Commits or aborts a transaction.
    /// - Returns: What the next one writes with.
    func end(
        _ id: String, _ outcome: TransactionMarker.Outcome, by client: ProducerIdentity, bumpsEpoch: Bool
    ) throws(Refusal) -> ProducerIdentity {
        try state.withLock { (state) throws(Refusal) in
            var transaction = try transaction(id, in: state)
            let ending = try transaction.end(outcome, by: client, bumpsEpoch: bumpsEpoch) { () throws(Refusal) in
                try cluster.newProducerId()
            }
            if ending == .decided {
                try record(transaction, id, in: &state)
                try finish(id, in: &state)
            }
            return try self.transaction(id, in: state).producer
        }
    }

    /// Carries out the ends that are decided, and aborts the transactions that have been open for too long.
    func attendToTime() {
        let now = clock()
        state.withLock { state in
            let due = state.transactions.filter { $0.value.isExpired(at: now) || $0.value.marker != nil }
            for (id, var transaction) in due.sorted(by: { $0.key < $1.key }) {
                do throws(Refusal) {
                    if transaction.isExpired(at: now) {
                        cluster.configuration.logger.info("the transaction of '\(id)' has taken too long: aborted")
                        try transaction.fence(bumpsEpoch: bumpsEpoch) { () throws(Refusal) in
                            try cluster.newProducerId()
                        }
                        try record(transaction, id, in: &state)
                    }
                    try finish(id, in: &state)
                } catch {
                    cluster.configuration.logger.error("\(error.message)")
                }
            }
        }
    }

    private func transaction(_ id: String, in state: State) throws(Refusal) -> Transaction {
        guard let transaction = state.transactions[id] else {
            throw Refusal(.invalidProducerIdMapping, "the transactional id '\(id)' has no producer")
        }
        return transaction
    }

    private func add(
        partitions: Set<TopicPartition> = [], groups: Set<String> = [], to id: String, by client: ProducerIdentity,
        in state: inout State
    ) throws(Refusal) {
        var transaction = try transaction(id, in: state)
        try transaction.add(partitions: partitions, groups: groups, by: client, at: clock())
        try record(transaction, id, in: &state)
    }

    /// Writes the markers of a transaction whose end is decided.
    private func finish(_ id: String, in state: inout State) throws(Refusal) {
        guard var transaction = state.transactions[id], let marker = transaction.marker else { return }
        for partition in transaction.partitions.sorted() {
            try cluster.partition(partition)?.append(marker, timestamp: clock())
        }
        if !transaction.groups.isEmpty {
            try record(.end(producerId: marker.producer.id, marker.outcome), in: &state)
        }
        transaction.complete()
        try record(transaction, id, in: &state)
    }

    /// Stores positions of a group.
    func store(_ position: GroupOffsets.Position, at place: GroupOffsets.Place) throws(Refusal) {
        try state.withLock { (state) throws(Refusal) in
            try record(.offset(place, position, producerId: nil), in: &state)
        }
    }

    /// Stores positions of a group as part of a transaction.
    func store(
        _ positions: [TopicPartition: GroupOffsets.Position], of group: String, in id: String,
        by client: ProducerIdentity, _ addition: Addition
    ) throws(Refusal) {
        try state.withLock { (state) throws(Refusal) in
            switch addition {
            case .implicit: try add(groups: [group], to: id, by: client, in: &state)
            case .required(let code):
                try transaction(id, in: state).verify({ $0.groups.contains(group) }, by: client, else: code)
            }
            for (partition, position) in positions.sorted(by: { $0.key < $1.key }) {
                let place = GroupOffsets.Place(group: group, partition: partition)
                try record(.offset(place, position, producerId: client.id), in: &state)
            }
        }
    }

    /// The offsets of all groups, as they are now.
    var offsets: GroupOffsets { state.withLock { $0.known.offsets } }

    private func record(_ transaction: Transaction, _ id: String, in state: inout State) throws(Refusal) {
        guard state.transactions[id] != transaction else { return }
        try record(.transaction(id: id, transaction), in: &state)
    }

    private func record(_ line: CoordinatorLine, in state: inout State) throws(Refusal) {
        do throws(StorageError) {
            try state.file?.append(line)
        } catch {
            throw Refusal(error)
        }
        state.known.apply(line)
        guard state.file?.isLong == true else { return }
        do throws(StorageError) {
            try state.file?.shorten(to: state.known.lines)
        } catch {
            // The line is on record all the same.
            cluster.configuration.logger.error("\(error)")
        }
    }

    /// Brings everything to the disk.
    func close() throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in try state.file?.close() }
    }
}
