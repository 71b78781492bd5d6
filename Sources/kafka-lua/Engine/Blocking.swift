import KafkaProducer
import Synchronization

/// Waits on a thread of a command for work that suspends.
enum Blocking {
    private final class Outcome<Value: Sendable>: Sendable {
        let latch = Latch()
        let result = Mutex<Result<Value, any Error>?>(nil)
    }

    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        Task {
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.result.withLock { $0 = result }
            outcome.latch.open()
        }
        _ = try outcome.latch.wait()
        guard let result = outcome.result.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }
}
