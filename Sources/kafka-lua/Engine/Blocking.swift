import KafkaProducer
import Synchronization

/// Waits on a thread of a command for work that suspends.
enum Blocking {
    private final class Outcome<Value: Sendable>: Sendable {
        let latch = Latch()
        let result = Mutex<Result<Value, any Error>?>(nil)
    }

    /// - Parameter interruption: what calls the thread away; the work is cancelled then.
    /// - Throws: What the work throws, or `CancellationError`.
    static func run<Value: Sendable>(
        until interruption: Interruption = Interruption(), _ body: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let outcome = Outcome<Value>()
        let task = Task {
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.result.withLock { $0 = result }
            outcome.latch.open()
        }
        try interruption.wait(for: outcome.latch)
        guard let result = outcome.result.withLock({ $0 }) else {
            task.cancel()
            throw CancellationError()
        }
        return try result.get()
    }
}
