import CLuaShim
import Dispatch
import KafkaProducer
import LuaRuntime
import Synchronization

/// The partitioner of a producer, which may be a Lua plugin, and may be another one from the next record on.
///
/// A record is partitioned by one generation, and a swap waits for a call that is under way. Sticky choices are the
/// producer's own and survive swaps, as do records that are batched already.
final class PartitionerRole: Partitioner {
    let slot: PluginSlot
    /// What partitions where there is no plugin, or it gives nil; nil is the producer's own.
    private let builtIn: (any Partitioner)?
    private let hasBuiltIn: Bool
    /// Whether a transaction is open, for whose end swaps of `companions` wait.
    private let isHolding = Atomic(false)
    private let companions: [PluginSlot]

    /// - Parameter companions: what else must not change within a transaction.
    init(_ slot: PluginSlot, builtIn: PartitionerChoice = .default, companions: [PluginSlot] = []) {
        self.slot = slot
        self.builtIn = builtIn.makePartitioner()
        hasBuiltIn = self.builtIn != nil
        self.companions = [slot] + companions
    }

    var isIdle: Bool { !hasBuiltIn && !slot.plays(.partition) }

    /// That of the hooks which have seen the record before, or else the one in force.
    func beginRecord() -> Int {
        if slot.role == .script, let held = slot.takePin() { return held }
        return slot.begin()
    }

    func endRecord(generation: Int) { slot.end(generation) }

    var drainedGeneration: Int { slot.drainedGeneration }

    func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) throws -> Int32? {
        if record.generation > 0, slot.plays(.partition) {
            do throws(LuaError) {
                if let chosen = try slot.partition(of: record, among: partitions.count) { return chosen }
            } catch {
                slot.failed(in: record.generation)
                guard slot.isDefaultUsedOnError else { throw error }
            }
        }
        return try builtIn?.partition(of: record, partitions: partitions)
    }

    var observesNewBatches: Bool { slot.plays(.onNewBatch) || builtIn?.observesNewBatches ?? false }

    func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32, generation: Int) {
        // The partition is asked for next: a script that is broken is found there, with the record that it fails.
        try? slot.withChain(of: generation) { (chain) throws(LuaError) in
            try chain.first?.onNewBatch(topic: topic, previous: previous)
        }
    }

    func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32) {}

    func transactionChanged(isOpen: Bool) {
        guard isHolding.exchange(isOpen, ordering: .acquiringAndReleasing) != isOpen else { return }
        for slot in companions {
            if isOpen { slot.hold() } else { slot.release() }
        }
    }

    func close() {
        // Not here, on the network's thread: what waits for the end of a transaction may run a script.
        if isHolding.load(ordering: .acquiring) {
            DispatchQueue.global().async { self.transactionChanged(isOpen: false) }
        }
    }
}

extension PluginSlot {
    /// Asks that version, or the one in force where it is gone, for the partition of a record.
    @inline(__always)
    fileprivate func partition(of record: borrowing SerializedRecord, among count: Int32) throws(LuaError) -> Int32? {
        try withFirst(of: record.generation) { (plugin) throws(LuaError) -> Int32? in
            guard let remembered = plugin.remembered,
                let question = RememberedPartitions.Question(record, among: count)
            else { return try plugin.partition(of: record, among: count) }
            switch remembered.answer(to: question) {
            case .partition(let partition): return partition
            case .builtIn: return nil
            case .unknown:
                let partition = try plugin.partition(of: record, among: count)
                remembered.remember(partition, for: question)
                return partition
            }
        }
    }
}

extension Plugin {
    fileprivate func partition(of record: borrowing SerializedRecord, among count: Int32) throws(LuaError) -> Int32? {
        var lent = lk_record(lending: record)
        lent.is_key_alone = remembered != nil
        guard record.hasHeaders, !lent.is_key_alone else { return try partition(&lent, count: count) }
        let bytes = record.bytes
        return try LuaRecord(
            topic: record.topicBytes, key: bytes.key, value: bytes.value, headers: record.headers,
            timestamp: bytes.timestamp
        ).lend { (record) throws(LuaError) in try partition(record, count: count) }
    }
}
