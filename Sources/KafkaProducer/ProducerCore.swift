package import Logging
package import NIOCore
import NIOPosix
import Synchronization

/// The producer of bytes: everything below the serializers. `Producer` and the Lua host are faces of it.
@usableFromInline
package final class ProducerCore: Sendable {
    package let configuration: ProducerConfiguration
    package let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    let topics = Topics()
    let memory: MemoryBudget
    let sender: Sender
    /// nil where the built-in partitioner does it all.
    let partitioner: (any Partitioner)?
    let ignoresKeys: Bool
    /// Whether no partitioner has to be asked.
    let isPartitionedHere: Bool
    let isClosed = Atomic(false)
    /// Opens when `close` is through.
    private let closing = Latch()

    /// - Throws: `KafkaError` of kind `configuration`.
    package init(_ configuration: ProducerConfiguration, logger: Logger) throws(KafkaError) {
        let configuration = try configuration.validated(logger: logger)
        self.configuration = configuration
        self.logger = logger
        ignoresKeys = configuration.partitionerIgnoreKeys || configuration.partitioner.ignoresKeys
        partitioner = configuration.partitioner.makePartitioner()
        isPartitionedHere = partitioner == nil
        memory = MemoryBudget(total: configuration.bufferMemory, chunkSize: configuration.batchSize)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            sender = try Sender(
                configuration: configuration, eventLoop: group.next(), memory: memory, topics: topics, logger: logger)
        } catch {
            group.shutdownGracefully { _ in }
            throw error
        }
    }

    deinit {
        // Without `close` nobody waits: what is left fails. The thread ends here and not in `close`, so that calls
        // that were begun before it, such as `flush` on another thread, find it.
        if !isClosed.load(ordering: .relaxed) { finish {} }
        closing.whenOpen { [group] in group.shutdownGracefully { _ in } }
    }

    /// The topic of that name, to be kept by callers who send to it often.
    @usableFromInline
    package func topic(_ name: String) -> Topic { topics.named(name) }

    // MARK: - Flush, close, look

    /// Sends everything that waits and blocks until all of it is complete.
    /// - Throws: `KafkaError` of kind `illegalState` in a callback (KIP-1118); kind `timeout` at the deadline.
    package func flush(until deadline: NIODeadline = .distantFuture) throws(KafkaError) {
        if MultiThreadedEventLoopGroup.currentEventLoop != nil {
            throw KafkaError(.illegalState, "flush must not be called in a callback: it would wait for itself")
        }
        for latch in try sender.flushNow() {
            guard try latch.wait(until: deadline) else {
                throw KafkaError(.timeout, "records were still under way at the end of the time given to flush")
            }
        }
    }

    /// Sends everything that waits; the latches open when what is here now is complete.
    package func beginFlush() -> [Latch] { (try? sender.flushNow()) ?? [] }

    /// Sends everything that waits, and suspends until all of it is complete.
    package func flush() async {
        guard let latches = try? await sender.flush().get() else { return }
        for latch in latches { await latch.opened() }
    }

    /// Completes what is under way, for at most `timeout`, and fails the rest. In a callback nothing is waited for.
    /// - Parameter onClosed: called once, after the last record's completion.
    package func close(
        timeout: Duration?, onClosed: @escaping @Sendable () -> Void = {}
    ) throws(KafkaError) {
        if let timeout, timeout < .zero { throw KafkaError(.illegalArgument, "the timeout of close is negative") }
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else {
            if MultiThreadedEventLoopGroup.currentEventLoop == nil { _ = try closing.wait() }
            return
        }
        if MultiThreadedEventLoopGroup.currentEventLoop == nil, timeout != .zero {
            try? flush(until: Deadline.after(timeout))
        }
        finish(onClosed)
        if MultiThreadedEventLoopGroup.currentEventLoop == nil { _ = try closing.wait() }
    }

    /// Suspending form of `close`.
    package func close(onClosed: @escaping @Sendable () -> Void = {}) async {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return await closing.opened() }
        await flush()
        finish(onClosed)
        await closing.opened()
    }

    private func finish(_ onClosed: @escaping @Sendable () -> Void) {
        let (closing, partitioner) = (closing, partitioner)
        sender.shutDown().whenComplete { _ in
            onClosed()
            partitioner?.close()
            closing.open()
        }
    }

    /// The partitions of a topic, waiting for metadata at most `max.block.ms`.
    package func partitions(of topic: Topic) throws(KafkaError) -> TopicPartitions {
        let deadline = NIODeadline.now() + TimeAmount(configuration.maxBlock)
        var progress = Progress()
        while topic.layout.current.partitions.count == 0 {
            guard case .mustWait(let latch) = try waitForMetadata(&progress, topic: topic, partition: nil),
                try latch.wait(until: deadline)
            else { throw missingMetadata(topic, nil) }
        }
        return topic.layout.current.partitions
    }

    /// What became of the records so far, topic by topic.
    package var deliveryReports: [DeliveryReport] { topics.all.map(\.report).sorted { $0.topic < $1.topic } }

    /// Bytes of `buffer.memory` that are free.
    package var availableMemory: Int { memory.availableBytes }
}
