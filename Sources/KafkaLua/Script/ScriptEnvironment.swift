public import KafkaProducer
public import LuaRuntime
import NIOCore
import Synchronization

/// A Lua state with the `kafka` module and the producers that its script makes.
///
/// One thread owns it: the one that runs the script, and on which callbacks run at safe points (`get`, `flush`,
/// `sleep`, `poll`, before each `send`, and while a prompt waits). Only `interrupt`, `undelivered` and what is said so
/// may be used from elsewhere.
public final class ScriptEnvironment {
    public let state: LuaState
    let options: ScriptOptions
    let mailbox = Mailbox()
    var classes: ScriptClasses
    private(set) var producers: [ScriptProducer] = []
    private var defaultProducer: ScriptProducer?
    /// What `os.exit` was called with.
    public var exitCode: Int32?

    /// - Throws: `LuaError` if Lua cannot be started.
    public init(_ options: ScriptOptions) throws(LuaError) {
        self.options = options
        state = try LuaState(profile: .script)
        classes = try ScriptClasses(state)
        try KafkaModule.install(in: self)
    }

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

    /// Runs the callbacks that are due. What they raise is reported.
    public func runDueCallbacks() {
        var shown: [ScriptOptions.Delivery] = []
        defer { if !shown.isEmpty { options.onDeliveries?(shown) } }
        while let delivery = mailbox.next() {
            if delivery.isShown {
                shown.append(
                    .init(
                        topic: delivery.metadata.topic, partition: delivery.metadata.partition,
                        offset: delivery.metadata.offset, error: delivery.error?.description))
            }
            guard let callback = delivery.callback else { continue }
            do {
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
            } catch {
                options.report(error)
            }
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
            runDueCallbacks()
            if isDone() { return true }
            if state.interrupt.isRaised {
                state.interrupt.clear()
                throw LuaError(.interrupted, "interrupted")
            }
            if NIODeadline.now() >= deadline { return false }
            do throws(KafkaError) {
                try mailbox.sleep(until: deadline) { isDone() || state.interrupt.isRaised }
            } catch {
                throw LuaError(.runtime, "\(error)")
            }
        }
    }

    /// Waits for a latch.
    func wait(for latch: Latch, until deadline: NIODeadline) throws(LuaError) -> Bool {
        if latch.isOpen { return true }
        latch.whenOpen { [mailbox] in mailbox.wake() }
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

    /// The producer of the globals, made on first use.
    func globalProducer() throws -> ScriptProducer {
        if let defaultProducer, !defaultProducer.isClosed { return defaultProducer }
        let producer = try makeProducer(ProducerSettings(properties: options.properties), isShown: true)
        defaultProducer = producer
        return producer
    }

    func makeProducer(_ settings: ProducerSettings, isShown: Bool = false) throws -> ScriptProducer {
        let producer = try ScriptProducer(
            settings, logger: options.logger, showing: isShown && options.onDeliveries != nil)
        producers.append(producer)
        return producer
    }

    /// What became of the records that the script sent, producer by producer.
    public var deliveryReports: [DeliveryReport] { producers.flatMap(\.core.deliveryReports) }

    /// Sends what waits, runs the callbacks, and closes all producers. An interruption ends the waiting: what is left
    /// then fails.
    public func close() throws(LuaError) {
        var interruption: LuaError?
        for producer in producers where !producer.isClosed {
            do throws(LuaError) {
                if interruption == nil { try producer.flush(in: self, until: .distantFuture) }
            } catch {
                interruption = error
            }
            try? producer.core.close(timeout: .zero)
        }
        runDueCallbacks()
        if let interruption { throw interruption }
    }
}
