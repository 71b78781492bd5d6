import KafkaProducer
public import LuaRuntime

extension ScriptEnvironment {
    /// Runs the callbacks and timers that are due. What they raise is reported. Does nothing within a callback, but for tokens that
    /// are asked for: what the callback waits for may wait for them.
    /// - Throws: `LuaError` of kind `interrupted`, also for `os.exit`; what is left stays due.
    public func runDueCallbacks() throws(LuaError) {
        try answerQuestions()
        guard !isRunningCallbacks, !mailbox.isEmpty || timers.nextDue != nil, !state.isStopping else { return }
        isRunningCallbacks = true
        defer { isRunningCallbacks = false }
        try reportDeliveries()
        try timers.runDue { (entry) throws(LuaError) in
            try reportingErrors { () throws(LuaError) in
                try state.call(entry.callback) {
                    $0.append(entry.timer)
                } results: { _ in
                }
            }
        }
    }

    /// Whether a script that is about to send can do so at once.
    var isQuiet: Bool { mailbox.isQuiet && !timers.mayBeDue }

    private func reportDeliveries() throws(LuaError) {
        var shown: [ScriptOptions.Delivery] = []
        defer { if !shown.isEmpty { options.onDeliveries?(shown) } }
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
            try reportingErrors { () throws(LuaError) in try call(callback, delivery) }
        }
    }

    /// Reports what the body raises, which has no caller that it could go to.
    private func reportingErrors(_ body: () throws(LuaError) -> Void) throws(LuaError) {
        do throws(LuaError) {
            try body()
        } catch  where error.kind == .interrupted {
            throw error
        } catch {
            options.report(error)
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

    /// Calls `wake`, on any thread, when callbacks or timers are due.
    public func onDueCallbacks(_ wake: @escaping @Sendable () -> Void) {
        mailbox.onDelivery(wake)
        timers.wake = wake
    }
}
