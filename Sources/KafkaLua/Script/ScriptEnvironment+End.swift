import KafkaProducer
public import LuaRuntime
import NIOCore

extension ScriptEnvironment {
    /// Waits for workers, sends what waits, and runs callbacks, until there is nothing left of any; callbacks may send
    /// more. Timers end here: they would never come to an end by themselves.
    /// - Returns: whether that was so within the time given; nil waits as long as it takes.
    /// - Throws: `LuaError` of kind `interrupted`, also for `os.exit` in a callback, and otherwise of a worker that failed
    ///   and that nobody waited for.
    @discardableResult
    public func settle(within timeout: Duration? = nil) throws(LuaError) -> Bool {
        let deadline = timeout.map { .now() + TimeAmount($0) } ?? NIODeadline.distantFuture
        guard try joinWorkers(until: deadline) else { return false }
        timers.cancelAll()
        repeat {
            for producer in producers {
                guard try producer.flush(in: self, until: deadline) else { return false }
            }
        } while !mailbox.isEmpty || producers.contains { $0.core.deliveryReports.contains { $0.pending > 0 } }
        return true
    }

    /// Waits for the workers that are left.
    /// - Throws: a failure that the script has not heard of.
    private func joinWorkers(until deadline: NIODeadline) throws(LuaError) -> Bool {
        for group in workers.all {
            guard try wait(for: group.finished, until: deadline) else { return false }
            workers.remove(group)
            if let failure = group.takeUnknownFailure() { throw LuaError("\(failure)") }
        }
        return true
    }

    /// Stops the workers that are left, and gives them a moment to end.
    private func endWorkers() {
        workers.stop()
        let deadline = NIODeadline.now() + Self.workerPatience
        for group in workers.all { _ = try? group.finished.wait(until: deadline) }
    }

    /// How long workers that were stopped may take to end; one that a library's function holds up is left behind.
    private static let workerPatience = TimeAmount.seconds(3)

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
                if error.kind != .interrupted {
                    options.report(error)
                } else if !hasCalledExit {
                    // A callback's `os.exit` ends that callback; the others are still waited for.
                    interruption = error
                }
            }
        }
        isClosed = true
        endWorkers()
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
