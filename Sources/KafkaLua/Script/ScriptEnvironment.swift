public import KafkaProducer
public import LuaRuntime
import NIOCore
import Synchronization

/// A Lua state with the `kafka` module and the producers that its script makes.
///
/// One thread owns it: the one that runs the script, and on which callbacks run at safe points (`get`, `flush`,
/// `sleep`, `poll`, before each `send`, and while a prompt waits). Callbacks run one after the other, in the order of
/// the deliveries: one that waits is not overtaken by the next. Only `interrupt` and `deliveryReports` may be used from
/// elsewhere.
public final class ScriptEnvironment {
    public let state: LuaState
    let options: ScriptOptions
    let mailbox = Mailbox()
    var classes: ScriptClasses
    private var producers: [ScriptProducer] = []
    /// The same, for the threads that ask for reports.
    private let cores = Mutex<[ProducerCore]>([])
    private var defaultProducer: ScriptProducer?
    private var isRunningCallbacks = false
    private var isAnsweringQuestion = false
    private var isClosed = false
    /// What `os.exit` was called with.
    public var exitCode: Int32? { didSet { hasCalledExit = exitCode != nil } }
    private var hasCalledExit = false

    /// - Throws: `LuaError` if Lua cannot be started.
    public init(_ options: ScriptOptions) throws(LuaError) {
        self.options = options
        state = try LuaState(profile: .script)
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
        return try state.call(chunk) { writer in
            for argument in arguments ?? [] { writer.append(argument) }
        } results: { (frame) throws(LuaError) in
            try results(frame)
        }
    }

    /// Compiles a chunk without running it.
    /// - Throws: `LuaError` of kind `syntax`; `isIncomplete` if more text may complete it.
    public func check(_ source: String, name: String) throws(LuaError) {
        _ = try state.load(source, name: name)
    }

    /// Stops what runs or waits; for any thread and for signal handlers' helpers.
    public var interrupt: @Sendable () -> Void {
        { [interrupt = state.interrupt, mailbox] in
            interrupt.raise()
            mailbox.wake()
        }
    }

    /// Runs the callbacks that are due. What they raise is reported. Does nothing within a callback, but for tokens that
    /// are asked for: what the callback waits for may wait for them.
    /// - Throws: `LuaError` of kind `interrupted`, also for `os.exit`; what is left stays due.
    public func runDueCallbacks() throws(LuaError) {
        try answerQuestions()
        guard !isRunningCallbacks, !mailbox.isEmpty, !state.isStopping else { return }
        isRunningCallbacks = true
        var shown: [ScriptOptions.Delivery] = []
        defer {
            isRunningCallbacks = false
            if !shown.isEmpty { options.onDeliveries?(shown) }
        }
        // No more than are here now: callbacks that send must not keep their caller forever.
        for _ in 0..<mailbox.count {
            guard let delivery = mailbox.next() else { return }
            if delivery.isShown {
                shown.append(
                    .init(
                        topic: delivery.metadata.topic, partition: delivery.metadata.partition,
                        offset: delivery.metadata.offset, error: delivery.error?.description))
            }
            guard let callback = delivery.callback else { continue }
            do throws(LuaError) {
                try call(callback, delivery)
            } catch  where error.kind == .interrupted {
                throw error
            } catch {
                options.report(error)
            }
        }
    }

    private func answerQuestions() throws(LuaError) {
        guard !isAnsweringQuestion, !state.isStopping else { return }
        isAnsweringQuestion = true
        defer { isAnsweringQuestion = false }
        while let question = mailbox.nextQuestion() { try question.answer(in: state) }
    }

    private func call(_ callback: LuaFunction, _ delivery: Mailbox.Delivery) throws(LuaError) {
        try state.call(callback) { writer in
            writer.append(delivery.metadata)
            if let error = delivery.error {
                writer.append(error, metatable: classes.errorMetatable)
            } else {
                writer.appendNil()
            }
            if let record = delivery.record { writer.append(record) } else { writer.appendNil() }
        } results: { _ in
        }
    }

    /// Calls `wake`, on any thread, when callbacks are due.
    public func onDueCallbacks(_ wake: @escaping @Sendable () -> Void) { mailbox.onDelivery(wake) }

    // MARK: - Waiting

    /// Runs due callbacks until `isDone`, or until the time is up; returns whether it is done.
    ///
    /// What makes it done has to wake the mailbox.
    /// - Throws: `LuaError` of kind `interrupted`.
    func wait(until deadline: NIODeadline, for isDone: () -> Bool) throws(LuaError) -> Bool {
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
                try mailbox.sleep(
                    until: deadline, takesMail: !isRunningCallbacks && !isStopping,
                    takesQuestions: !isAnsweringQuestion && !isStopping
                ) { isDone() || state.interrupt.isRaised }
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
        guard let handle = frame.object(slot, ScriptFuture.self) else { return nil }
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

    /// - Throws: `KafkaError`, or `LuaError` where a plugin is at fault.
    func makeProducer(_ settings: ProducerSettings, isShown: Bool = false) throws -> ScriptProducer {
        guard !isClosed else { throw KafkaError(.closed, "the script has ended") }
        let producer: ScriptProducer
        do {
            producer = try ScriptProducer(
                settings, mailbox: mailbox, logger: options.logger,
                showing: isShown && options.onDeliveries != nil)
        } catch var error as LuaError {
            // A limit of the plugin's state says nothing of the script's own, and its value has no place in it.
            error.kind = .runtime
            error.value = nil
            throw error
        }
        producers.append(producer)
        cores.withLock { $0.append(producer.core) }
        return producer
    }

    /// What became of the records that the script sent, producer by producer. From any thread.
    public var deliveryReports: [DeliveryReport] { cores.withLock { $0 }.flatMap(\.deliveryReports) }

    // MARK: - The end

    /// Sends what waits, and runs callbacks, until there is nothing left of either; callbacks may send more.
    /// - Returns: whether that was so within the time given; nil waits as long as it takes.
    /// - Throws: `LuaError` of kind `interrupted`, also for `os.exit` in a callback.
    @discardableResult
    public func settle(within timeout: Duration? = nil) throws(LuaError) -> Bool {
        let deadline = timeout.map { .now() + TimeAmount($0) } ?? NIODeadline.distantFuture
        repeat {
            for producer in producers {
                guard try producer.flush(in: self, until: deadline) else { return false }
            }
        } while !mailbox.isEmpty || deliveryReports.contains { $0.pending > 0 }
        return true
    }

    /// Settles, then closes all producers: what was not delivered within the time given fails, and its callbacks are
    /// run. No more is sent from then on.
    /// - Throws: `LuaError` of kind `interrupted`: the waiting was cut short.
    public func close(within timeout: Duration? = nil) throws(LuaError) {
        guard !isClosed else { return }
        let deadline = timeout.map { .now() + TimeAmount($0) } ?? NIODeadline.distantFuture
        var interruption: LuaError?
        var isSettled = false
        while !isSettled, interruption == nil {
            hasCalledExit = false
            do throws(LuaError) {
                try settle(within: timeout)
                isSettled = true
            } catch {
                // A callback's `os.exit` ends that callback; the others are still waited for.
                if !hasCalledExit { interruption = error }
            }
        }
        isClosed = true
        for producer in producers where interruption == nil {
            do throws(LuaError) {
                try producer.abortOpenTransaction(in: self, until: deadline)
            } catch {
                interruption = error
            }
        }
        mailbox.closeQuestions()
        for producer in producers { producer.end(in: self) }
        while interruption == nil, !mailbox.isEmpty {
            hasCalledExit = false
            do throws(LuaError) { try runDueCallbacks() } catch { interruption = hasCalledExit ? nil : error }
        }
        if let interruption { throw interruption }
    }
}
