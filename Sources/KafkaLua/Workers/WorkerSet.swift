import Synchronization

/// All workers that a script has started. From any thread.
final class WorkerSet: Sendable {
    private let groups = Mutex<[ScriptWorkers]>([])

    /// Those whose failures somebody still has to hear of, or that run.
    func add(_ workers: ScriptWorkers) {
        groups.withLock { groups in
            groups.append(workers)
        }
    }

    var all: [ScriptWorkers] { groups.withLock { $0 } }

    func remove(_ workers: ScriptWorkers) { groups.withLock { $0.removeAll { $0 === workers } } }

    /// Interrupts all that run.
    func stop() { for workers in all { workers.stop() } }
}
