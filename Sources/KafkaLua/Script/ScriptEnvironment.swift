public import KafkaProducer
public import LuaRuntime
import NIOCore

/// A Lua state with the `kafka` module and the producers that its script makes.
///
/// One thread owns it: the one that runs the script, and on which callbacks and timers run at safe points (`get`,
/// `flush`, `sleep`, `poll`, before each `send`, and while a prompt waits). Callbacks run one after the other, in the
/// order of the deliveries: one that waits is not overtaken by the next. Only `interrupt`, `deliveryReports` and
/// `bytesSent` may be used from elsewhere.
public final class ScriptEnvironment {
    public let state: LuaState
    private(set) var options: ScriptOptions
    let context: ScriptContext
    /// The part of a rate that falls to this script.
    let share: RateSchedule.Share
    let isWorker: Bool
    let mailbox = Mailbox()
    let timers = ScriptTimers()
    let workers = WorkerSet()
    var classes: ScriptClasses
    private(set) var producers: [ScriptProducer] = []
    private var defaultProducer: ScriptProducer?
    var isRunningCallbacks = false
    var isAnsweringQuestion = false
    var isClosed = false
    /// What `os.exit` was called with.
    public var exitCode: Int32? { didSet { hasCalledExit = exitCode != nil } }
    var hasCalledExit = false

    /// - Throws: `LuaError` if Lua cannot be started.
    public convenience init(_ options: ScriptOptions) throws(LuaError) {
        try self.init(options, context: ScriptContext(), share: RateSchedule.Share(), isWorker: false)
    }

    init(
        _ options: ScriptOptions, context: ScriptContext, share: RateSchedule.Share, isWorker: Bool
    ) throws(LuaError) {
        self.options = options
        self.context = context
        self.share = share
        self.isWorker = isWorker
        state = try LuaState(profile: .script, interruptSignal: options.interruptSignal)
        classes = try ScriptClasses(state)
        try KafkaModule.install(in: self)
    }

    deinit { mailbox.closeQuestions() }

    // MARK: - Running

    /// Runs a chunk and lends its results. `os.exit` ends it as an interruption with `exitCode` set.
    /// - Parameters:
    ///   - name: `@file.lua` for a file, `=name` for anything else.
    ///   - arguments: what `...` and the global `arg` hold; nil leaves `arg` as it is.
    public func run<Result>(
        _ source: String, name: String, arguments: [String]? = nil,
        results: (borrowing LuaFrame) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        let chunk = try state.load(source, name: name)
        if let arguments {
            try state.setGlobal("arg") { writer in
                writer.appendTable(items: arguments.count, fields: 1) { writer in
                    for (index, argument) in ([String(name.dropFirst())] + arguments).enumerated() {
                        writer.append(index)
                        writer.append(argument)
                    }
                }
            }
        }
        do throws(LuaError) {
            return try state.call(chunk) { writer in
                for argument in arguments ?? [] { writer.append(argument) }
            } results: { (frame) throws(LuaError) in
                try results(frame)
            }
        } catch {
            // A script that has failed is not to go on in its workers; a line at the prompt is no end of anything.
            if arguments != nil { workers.stop() }
            throw error
        }
    }

    /// Compiles a chunk without running it.
    /// - Throws: `LuaError` of kind `syntax`; `isIncomplete` if more text may complete it.
    public func check(_ source: String, name: String) throws(LuaError) {
        _ = try state.load(source, name: name)
    }

    /// Stops what runs or waits; for any thread and for signal handlers' helpers.
    public var interrupt: @Sendable () -> Void {
        { [interrupt = state.interrupt, mailbox, workers] in
            interrupt.raise()
            mailbox.wake()
            workers.stop()
        }
    }

    // MARK: - Waiting

    /// Runs due callbacks until `isDone`, or until the time is up; returns whether it is done.
    ///
    /// What makes it done has to wake the mailbox, or be what `block` waits for beside that.
    /// - Throws: `LuaError` of kind `interrupted`.
    func wait(
        until deadline: NIODeadline, for isDone: () -> Bool,
        blocking block: (_ sleeper: Latch, _ deadline: NIODeadline) throws(KafkaError) -> Void =
            Mailbox.block(until:_:)
    ) throws(LuaError) -> Bool {
        while true {
            try runDueCallbacks()
            if isDone() { return true }
            if state.interrupt.isRaised {
                state.interrupt.clear()
                throw LuaError(.interrupted, "interrupted")
            }
            if NIODeadline.now() >= deadline { return false }
            do throws(KafkaError) {
                let isStopping = state.isStopping
                let takesMail = !isRunningCallbacks && !isStopping
                let nextTimer = takesMail ? timers.nextDue : nil
                try mailbox.sleep(
                    until: min(deadline, nextTimer ?? .distantFuture), takesMail: takesMail,
                    takesQuestions: !isAnsweringQuestion && !isStopping,
                    unless: { isDone() || state.interrupt.isRaised }, blocking: block)
            } catch {
                throw LuaError(.runtime, "\(error)")
            }
        }
    }

    /// Waits for a latch.
    func wait(for latch: Latch, until deadline: NIODeadline) throws(LuaError) -> Bool {
        if latch.isOpen { return true }
        // Not for a mere look: what is left at the latch stays there until it opens.
        if deadline > .now() { latch.whenOpen { [mailbox] in mailbox.wake() } }
        return try wait(until: deadline) { latch.isOpen }
    }

    /// What became of the record whose future the slot holds, waiting for it until `deadline`; nil if the slot holds
    /// something else, or the time was up.
    public func outcome(
        of slot: LuaSlot, in frame: borrowing LuaFrame, waiting timeout: Duration
    ) throws(LuaError) -> FutureOutcome? {
        guard let handle = frame.part(slot, of: BatchResult.self).map(ScriptFuture.init) else { return nil }
        guard try wait(for: handle.future, until: .now() + TimeAmount(timeout)) else { return nil }
        let (metadata, error) = handle.future.outcome
        return FutureOutcome(metadata: metadata, error: error, isShown: handle.isShown)
    }

    /// How a record ended.
    public struct FutureOutcome: Sendable {
        public var metadata: RecordMetadata
        public var error: KafkaError?
        /// Whether a prompt shows the delivery by itself.
        public var isShown: Bool
    }

    // MARK: - Producers

    var openProducers: [ScriptProducer] { producers.filter { !$0.isClosed } }

    /// The producer of the globals, made on first use.
    func globalProducer() throws -> ScriptProducer {
        if let defaultProducer, !defaultProducer.isClosed { return defaultProducer }
        let producer = try makeProducer(ProducerSettings(properties: options.properties), isShown: true)
        defaultProducer = producer
        return producer
    }

    /// Makes `kafka.producer{}` and the globals start from other keys from now on. The globals' producer delivers what it
    /// has and ends; it is made anew on its next use. Producers that a script has made stay as they are.
    /// - Throws: `LuaError` of kind `interrupted`: the keys are not changed then, though the producer has ended.
    public func use(_ properties: [(key: String, value: String)]) throws(LuaError) {
        if let defaultProducer { try defaultProducer.close(in: self, until: .distantFuture) }
        defaultProducer = nil
        options.properties = properties
    }

    /// - Throws: `KafkaError`, or `LuaError` where a plugin is at fault.
    func makeProducer(_ settings: ProducerSettings, isShown: Bool = false) throws -> ScriptProducer {
        guard !isClosed else { throw KafkaError(.closed, "the script has ended") }
        let producer: ScriptProducer
        do {
            producer = try ScriptProducer(
                settings, in: self, logger: options.logger,
                showing: isShown && options.onDeliveries != nil, measure: options.measure)
        } catch var error as LuaError {
            // A limit of the plugin's state says nothing of the script's own, and its value has no place in it.
            error.kind = .runtime
            error.value = nil
            throw error
        }
        producers.append(producer)
        context.add(producer.core)
        return producer
    }

    /// What became of the records that the script and its workers sent, producer by producer. From any thread.
    public var deliveryReports: [DeliveryReport] { context.deliveryReports }

    /// Bytes of the batches that the script and its workers sent, as they went out. From any thread.
    public var bytesSent: Int { context.bytesSent }
}
