import KafkaWire
import NIOCore
import Synchronization

/// A topic as this producer uses it: its partitions with their queues. Made on first use, and kept.
@usableFromInline
package final class Topic: Sendable {
    /// The partitions as last known.
    final class Layout: Sendable {
        let queues: [PartitionQueue]
        let partitions: TopicPartitions
        private let slots: PartitionSlots

        init(queues: [PartitionQueue], partitions: TopicPartitions) {
            self.queues = queues
            self.partitions = partitions
            slots = PartitionSlots(queues)
        }

        /// The same queues, but other partitions to send to.
        init(_ former: Layout, partitions: TopicPartitions) {
            queues = former.queues
            slots = former.slots
            self.partitions = partitions
        }

        /// Calls `body` with a partition's queue, which is not retained: the layout holds it.
        @inline(__always)
        func withQueue<Result>(_ partition: Int32, _ body: (PartitionQueue) -> Result) -> Result {
            slots[partition].queue._withUnsafeGuaranteedRef(body)
        }

        /// Appends a record to a partition's open batch; nil where there is none with room.
        @inline(__always)
        func appendToOpen(
            _ record: RecordBytes, in partition: Int32, generation: Int, callback: DeliveryCallback?,
            stickyLimit: Int = .max
        ) -> DeliveryFuture? {
            slots[partition].fetch()
            return slots[partition].queue._withUnsafeGuaranteedRef { queue in
                queue.appendToOpen(
                    record, generation: generation, callback: callback, stickyLimit: stickyLimit,
                    slot: slots[partition])
            }
        }
    }

    package let name: String
    /// No other topic of the process has or had it, not even one of the same name in another producer.
    let number = Topic.numbers.add(1, ordering: .relaxed).newValue
    private static let numbers = Atomic(0)
    /// The name's UTF-8, which stays where it is.
    nonisolated(unsafe) let nameBytes: UnsafeRawBufferPointer

    /// Whether that is the name, without making a string of it.
    package func isNamed(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.equals(nameBytes) }

    /// Without partitions until metadata has come, and again while the topic is not in use. Queues stay for good.
    let layout = Published(Layout(queues: [], partitions: Topic.unknown))
    private static let unknown = TopicPartitions(count: 0, available: [])
    let sticky: StickyPartition
    let generations = TopicGenerations()
    /// Opens when an answer about the topic has come; replaced by one for the next answer.
    private let arrival = Mutex(Latch())
    private let refusal = Mutex<KafkaError?>(nil)
    /// Why the last answer said nothing of the topic that could be used.
    private let gap = Mutex<KafkaError?>(nil)
    private let lookUps = Atomic(0)
    private let completions = Mutex(Completions())
    /// How often the sender has looked at a partition since it last published their weights; touched by it only.
    nonisolated(unsafe) var looksSinceLoad = 0

    private struct Completions {
        var delivered = 0
        var failed = 0
        /// Records whose transaction was aborted before they were sent, which are among the failed.
        var aborted = 0
        /// Records that failed before they reached a batch, which are among the failed.
        var refused = 0
        var lastError: KafkaError?
    }

    init(name: String, chance: Chance = Chance()) {
        self.name = name
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: name.utf8.count, alignment: 1)
        bytes.copyBytes(from: name.utf8)
        nameBytes = UnsafeRawBufferPointer(bytes)
        sticky = StickyPartition(chance: chance)
    }

    deinit { nameBytes.deallocate() }

    /// Opens with the next answer about the topic.
    var nextAnswer: Latch { arrival.withLock { $0 } }

    /// Why no broker could have a topic of this name, if so: the name is not put into any request.
    static func fault(ofName name: String) -> KafkaError? {
        (1...maximumNameLength).contains(name.utf8.count)
            ? nil
            : KafkaError(.invalidTopicException, "a name of \(name.utf8.count) bytes, not 1 to \(maximumNameLength)")
    }

    /// Kafka's own limit, in bytes.
    private static let maximumNameLength = 249

    /// Why there is no such topic for this producer, if the last answer said so.
    var failure: KafkaError? { refusal.withLock { $0 } }

    /// Why there is no metadata yet, as far as a broker has said.
    var lack: KafkaError? { gap.withLock { $0 } }

    /// Somebody has asked for the partitions, which counts as use of the topic.
    func lookedUp() { lookUps.add(1, ordering: .relaxed) }

    /// How often the topic was used so far: records and questions for its partitions.
    var useCount: Int { layout.current.queues.reduce(lookUps.load(ordering: .relaxed)) { $0 + $1.appendedCount } }

    /// Takes new metadata. Called on the sender's event loop only.
    func update(_ metadata: ClusterMetadata.Topic) {
        let former = layout.current
        // A topic that was deleted and made again may have fewer: queues that are left over wait for partitions.
        let available = metadata.partitions.lazy.filter { $0.leader >= 0 }.map(\.id)
        let partitions = TopicPartitions(count: Int32(metadata.partitions.count), available: Array(available))
        if former.queues.count < metadata.partitions.count {
            let added = (former.queues.count..<metadata.partitions.count).map {
                PartitionQueue(topic: self, partition: Int32($0))
            }
            layout.publish(Layout(queues: former.queues + added, partitions: partitions))
        } else if former.partitions != partitions {
            layout.publish(Layout(former, partitions: partitions))
        }
        answered(nil)
    }

    /// Nobody has used the topic for long, so metadata is not kept up to date: the next record waits for it again.
    func expire() {
        layout.publish(Layout(layout.current, partitions: Self.unknown))
        // Whoever waits at this moment asks again.
        answered(nil)
    }

    /// A broker knows no more of the topic for now.
    func miss(_ error: KafkaError) { gap.withLock { $0 = error } }

    /// Counts a batch that is complete.
    func completed(_ count: Int32, error: KafkaError?) {
        completions.withLock { completions in
            if let error {
                completions.failed += Int(count)
                if error.kind == .transactionAborted {
                    completions.aborted += Int(count)
                } else {
                    completions.lastError = error
                }
            } else {
                completions.delivered += Int(count)
            }
        }
    }

    /// Counts a record that never reached a batch.
    func refused(_ error: KafkaError) {
        completions.withLock { completions in
            completions.failed += 1
            completions.refused += 1
            completions.lastError = error
        }
    }

    /// What became of the topic's records so far.
    var report: DeliveryReport {
        let layout = layout.current
        let appended = layout.queues.reduce(0) { $0 + $1.appendedCount }
        let completions = completions.withLock { $0 }
        let completed = completions.delivered + completions.failed - completions.refused
        return DeliveryReport(
            topic: name, partitions: layout.partitions.count, pending: max(0, appended - completed),
            delivered: completions.delivered,
            failed: completions.failed, aborted: completions.aborted, lastError: completions.lastError)
    }

    /// Takes an error that will not go away by itself.
    func fail(_ error: KafkaError) { answered(error) }

    private func answered(_ error: KafkaError?) {
        refusal.withLock { $0 = error }
        gap.withLock { $0 = nil }
        let latch = arrival.withLock { latch in
            defer { latch = Latch() }
            return latch
        }
        latch.open()
    }
}
