import KafkaProducer
import LuaRuntime
import Synchronization

/// The partitioner of a producer, which may be a Lua plugin, and may be another one from the next record on.
///
/// A record is partitioned by one generation, and a swap waits for a call that is under way. Sticky choices are the
/// producer's own and survive swaps, as do records that are batched already.
final class PartitionerRole: Partitioner {
    private let slot = PluginSlot()
    private let hasPlugin = Atomic(false)
    private let wantsNewBatches = Atomic(false)
    /// What partitions where there is no plugin, or it gives nil; nil is the producer's own.
    private let builtIn: (any Partitioner)?

    init(builtIn: PartitionerChoice) {
        self.builtIn = builtIn.makePartitioner()
    }

    /// How many plugins there have been.
    var generation: Int { slot.generation }

    /// Puts another plugin in the place of the present one, or leaves it there if anything goes wrong.
    /// - Throws: `LuaError` or `KafkaError` that says what; the former plugin goes on.
    @discardableResult
    func swap(to source: PluginSource) throws -> Int {
        // Prepared with nothing locked: records flow meanwhile.
        let next = try Plugin(source, needing: [.partition])
        try Self.probe(next)
        let generation = try slot.replace(with: next)
        wantsNewBatches.store(next.defines(.onNewBatch), ordering: .releasing)
        hasPlugin.store(true, ordering: .releasing)
        return generation
    }

    private static let probePartitions: Int32 = 8

    /// Asks for the partition of a record that nobody sends: what raises or gives nonsense is found before it is used.
    private static func probe(_ plugin: Plugin) throws(LuaError) {
        // Numbers, which are text too.
        let (topic, key, value) = ("probe", "0", "0")
        let probe = InterceptedRecord(topic: topic, key: Array(key.utf8), value: Array(value.utf8))
        do throws(LuaError) {
            try probe.withRecord(isWritable: false) { (record) throws(LuaError) in
                _ = try plugin.partition(record, count: probePartitions)
            }
        } catch var error {
            error.message += " (when tried on a record of topic '\(topic)' with key '\(key)' and value '\(value)')"
            throw error
        }
    }

    func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) throws -> Int32? {
        if hasPlugin.load(ordering: .acquiring) {
            let chosen = try record.lua.lend { (view) throws(LuaError) in
                try slot.withPlugin { (plugin) throws(LuaError) in try plugin.partition(view, count: partitions.count) }
            }
            if let chosen = chosen ?? nil { return chosen }
        }
        return try builtIn?.partition(of: record, partitions: partitions)
    }

    var observesNewBatches: Bool {
        wantsNewBatches.load(ordering: .acquiring) || builtIn?.observesNewBatches ?? false
    }

    func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32) {
        // The partition is asked for next: a script that is broken is found there, with the record that it fails.
        _ = try? slot.withPlugin { (plugin) throws(LuaError) in
            try plugin.onNewBatch(topic: topic, previous: previous)
        }
    }
}

extension SerializedRecord {
    /// The record for Lua's hooks. The spans' memory outlives this record, and so each call it is lent to.
    fileprivate var lua: LuaRecord {
        LuaRecord(
            topic: topic, key: Self.bytes(key), value: Self.bytes(value), headers: headers, timestamp: timestamp)
    }

    private static func bytes(_ span: RawSpan?) -> UnsafeRawBufferPointer? {
        guard let span else { return nil }
        return span.withUnsafeBytes { $0 }
    }
}
