import KafkaProducer
import Logging
import LuaRuntime
import NIOCore

/// A producer as a script has it: the core, and the plugins that stand in its way.
final class ScriptProducer {
    let core: ProducerCore
    let plugins: ScriptPlugins
    let keySerializer: ScriptSerializer
    let valueSerializer: ScriptSerializer
    /// Whether a prompt shows its deliveries.
    let isShown: Bool
    unowned let environment: ScriptEnvironment
    let mailbox: Mailbox
    let timers: ScriptTimers
    /// Makes a callback for whoever measures.
    private let measure: (@Sendable () -> DeliveryCallback)?
    private(set) var isClosed = false
    /// What is left to do before a transaction can begin.
    var preparation = TransactionPreparation()
    /// The topic that was sent to last, and is most often sent to next.
    private(set) var latestTopic: Topic?
    /// Whether keys and values are strings that go as they are, and nobody is shown what became of them.
    let takesStrings: Bool
    private var hasWarnedOfSeconds = false

    /// - Throws: `KafkaError`, or `LuaError` where a plugin is at fault.
    init(
        _ settings: ProducerSettings, in environment: ScriptEnvironment, logger: Logger, showing isShown: Bool,
        measure: (@Sendable () -> DeliveryCallback)?
    ) throws {
        var configuration = try settings.configuration()
        if let function = settings.tokenFunction {
            configuration.security.sasl.oauthBearerProvider = .calling(function, by: environment.mailbox)
        }
        let fallback = configuration.partitioner
        plugins = try ScriptPlugins(settings, builtIn: fallback, logger: logger)
        configuration.partitioner = .custom(plugins.partitioner)
        configuration.partitionerIgnoreKeys = fallback.ignoresKeys(configured: configuration.partitionerIgnoreKeys)
        core = try ProducerCore(configuration, logger: logger)
        keySerializer = ScriptSerializer(settings.keySerializer, or: configuration.keySerializer)
        valueSerializer = ScriptSerializer(settings.valueSerializer, or: configuration.valueSerializer)
        self.isShown = isShown
        self.environment = environment
        mailbox = environment.mailbox
        timers = environment.timers
        self.measure = measure
        takesStrings = keySerializer.takesBytes && valueSerializer.takesBytes && !isShown && measure == nil
    }

    func topic(_ name: UnsafeRawBufferPointer) -> Topic {
        if let latestTopic, latestTopic.isNamed(name) { return latestTopic }
        let topic = core.topic(String(decoding: name, as: UTF8.self))
        latestTopic = topic
        return topic
    }

    // MARK: - Send

    /// Sends a record whose bytes Lua holds, running due callbacks where it has to wait.
    /// - Throws: `LuaError` of kind `interrupted`, or `KafkaError` for a call that cannot be.
    func send(
        _ outgoing: borrowing OutgoingRecord, callback: LuaFunction?, record: LuaReference?,
        in environment: ScriptEnvironment
    ) throws -> DeliveryFuture {
        if !environment.isQuiet { try environment.runDueCallbacks() }
        let completion = completion(callback, record, environment.mailbox)
        guard plugins.intercepts else {
            let topic = topic(outgoing.topic)
            return try outgoing.withHeaders { bytes in
                try dispatch(bytes, topic, outgoing.partition, outgoing.headers, completion, environment)
            }
        }
        return try outgoing.withIntercepted { record in try send(&record, completion, environment) }
    }

    /// Sends a record as interceptors leave it.
    func send(
        _ record: inout InterceptedRecord, _ callback: DeliveryCallback?, _ environment: ScriptEnvironment
    ) throws -> DeliveryFuture {
        let callback = plugins.interceptors.onSend(&record, callback)
        let seen = record.seen
        let topic = topic(seen.topic)
        return try record.withBytes { bytes in
            try dispatch(bytes, topic, seen.partition, seen.headers, callback, environment)
        }
    }

    /// Warns, once, of a timestamp that is so early that it must be in seconds.
    func noteTimestamp(_ timestamp: Int64, _ logger: Logger) {
        guard timestamp < Self.earliestPlausibleTimestamp, !hasWarnedOfSeconds else { return }
        hasWarnedOfSeconds = true
        logger.warning(
            "timestamp \(timestamp) is in the years 1970 to 1973: timestamps are milliseconds, were seconds meant?")
    }

    /// March 1973 in milliseconds, the year 5138 in seconds.
    private static let earliestPlausibleTimestamp: Int64 = 100_000_000_000

    private func completion(_ callback: LuaFunction?, _ record: LuaReference?, _ mailbox: Mailbox) -> DeliveryCallback?
    {
        let measured = measure?()
        guard callback != nil || isShown else { return measured }
        return { [isShown] metadata, error in
            measured?(metadata, error)
            mailbox.deliver(
                .init(metadata: metadata, error: error, callback: callback, record: record, isShown: isShown))
        }
    }

    func dispatch(
        _ bytes: RecordBytes, _ topic: Topic, _ partition: Int32?, _ headers: Headers, _ callback: DeliveryCallback?,
        _ environment: ScriptEnvironment
    ) throws -> DeliveryFuture {
        var progress = ProducerCore.Progress()
        if let future = core.appendDirectly(
            &progress, bytes, to: topic, partition: partition, headers: headers, callback: callback)
        {
            return future
        }
        return try finish(&progress, bytes, topic, partition, headers, callback, environment)
    }

    /// The rest of a record's way, running due callbacks where it has to wait.
    func finish(
        _ progress: inout ProducerCore.Progress, _ bytes: RecordBytes, _ topic: Topic, _ partition: Int32?,
        _ headers: Headers, _ callback: DeliveryCallback?, _ environment: ScriptEnvironment
    ) throws -> DeliveryFuture {
        var deadline: NIODeadline?
        while true {
            switch try core.attempt(
                &progress, bytes, to: topic, partition: partition, headers: headers, callback: callback)
            {
            case .sent(let future): return future
            case .mustWait(let latch):
                let limit = deadline ?? .now() + TimeAmount(core.configuration.maxBlock)
                deadline = limit
                do {
                    if try environment.wait(for: latch, until: limit) { continue }
                } catch {
                    _ = core.abandon(
                        &progress, because: KafkaError(.closed, "the script was interrupted"), topic: topic,
                        partition: partition, callback: callback)
                    throw error
                }
                return core.timedOut(&progress, topic: topic, partition: partition, callback: callback)
            }
        }
    }

    // MARK: - Partitions

    /// How many partitions a topic has, running due callbacks until that is known, at most for `max.block.ms`.
    /// - Throws: `LuaError` of kind `interrupted`, or `KafkaError`.
    func partitionCount(of topic: Topic, in environment: ScriptEnvironment) throws -> Int32 {
        var progress = ProducerCore.Progress()
        let deadline = NIODeadline.now() + TimeAmount(core.configuration.maxBlock)
        while true {
            switch try core.lookUp(&progress, partitionsOf: topic) {
            case .known(let partitions): return partitions.count
            case .mustWait(let latch):
                if try environment.wait(for: latch, until: deadline) { continue }
                throw core.missingMetadata(topic, nil)
            }
        }
    }

    // MARK: - Flush and close

    /// Sends what lingers and waits for all of it, running callbacks meanwhile.
    /// - Throws: `LuaError` of kind `interrupted`. Returns whether all was done in time.
    @discardableResult
    func flush(in environment: ScriptEnvironment, until deadline: NIODeadline) throws(LuaError) -> Bool {
        guard !isClosed else { return true }
        let start = NIODeadline.now()
        defer { core.endFlush(begunAt: start) }
        for latch in core.beginFlush() {
            guard try environment.wait(for: latch, until: deadline) else { return false }
        }
        try environment.runDueCallbacks()
        return true
    }

    /// Completes what is under way, runs its callbacks, and ends the producer: what is left at the deadline fails.
    /// - Throws: `LuaError` of kind `interrupted`; the producer has ended even so.
    /// - Returns: whether all was done in time.
    @discardableResult
    func close(in environment: ScriptEnvironment, until deadline: NIODeadline) throws(LuaError) -> Bool {
        guard !isClosed else { return true }
        let isFlushed: Bool
        do throws(LuaError) {
            isFlushed = try flush(in: environment, until: deadline)
            try abortOpenTransaction(in: environment, until: deadline)
        } catch {
            end(in: environment)
            throw error
        }
        end(in: environment)
        try environment.runDueCallbacks()
        return isFlushed
    }

    /// Ends the producer without waiting for brokers. Interceptors are told of all records, unless they are too slow.
    func end(in environment: ScriptEnvironment) {
        guard !isClosed else { return }
        isClosed = true
        latestTopic = nil
        try? core.close(timeout: .zero)
        plugins.watch.isOn = false
        _ = try? environment.wait(for: plugins.interceptors.acknowledged(), until: .now() + Self.interceptorPatience)
    }

    /// How long interceptors may take to hear of the last records when a producer ends.
    private static let interceptorPatience = TimeAmount.seconds(10)
}

extension ScriptEnvironment {
    func wait(for future: DeliveryFuture, until deadline: NIODeadline) throws(LuaError) -> Bool {
        try wait(for: future.latch, until: deadline)
    }
}
