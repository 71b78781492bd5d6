import Synchronization

@testable import kafka_lua

/// A host without Lua: sources it knows have answers, and it keeps what it was asked.
final class ScriptedHost: ScriptHost {
    private struct State {
        var ran: [String] = []
        var kept = 0
        var interrupts = 0
        var due = 0
        var calls: [HostCall] = []
        var configuration = ClientConfiguration()
        var wake: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let answers: [String: Evaluation]
    private let whileRunning: @Sendable (String) -> Void
    let failuresAtClose: [Failure]

    init(
        _ answers: [String: Evaluation] = [:], failuresAtClose: [Failure] = [],
        whileRunning: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.answers = answers
        self.failuresAtClose = failuresAtClose
        self.whileRunning = whileRunning
    }

    var ran: [String] { state.withLock { $0.ran } }
    var kept: Int { state.withLock { $0.kept } }
    var interrupts: Int { state.withLock { $0.interrupts } }
    var due: Int { state.withLock { $0.due } }
    var undelivered: [String: Int] { [:] }

    func check(_ source: String, name: String) -> ChunkStatus { ScriptedLua.check(source) }

    func explained(_ failure: Failure, inTyped text: String) -> Failure { failure }

    func run(_ source: String, name: String, arguments: [String]?) -> Evaluation {
        state.withLock { $0.ran.append(source) }
        whileRunning(source)
        return answers[source] ?? .values([])
    }

    func call(_ call: HostCall) -> Evaluation {
        state.withLock { $0.calls.append(call) }
        return .values([])
    }

    var configuration: ClientConfiguration { state.withLock { $0.configuration } }
    func use(_ configuration: ClientConfiguration) { state.withLock { $0.configuration = configuration } }
    func keepResult() { state.withLock { $0.kept += 1 } }
    func runDueCallbacks() { state.withLock { $0.due += 1 } }
    func onDueCallbacks(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }
    func names(in path: [String]) -> [String: String] { [:] }
    func interrupt() { state.withLock { $0.interrupts += 1 } }
    func close() -> [Failure] { failuresAtClose }
    var statistics: DeliveryFigures? { DeliveryFigures(start: 0) }
    func resetStatistics() {}
}

/// As much of Lua's compiler as the tests need: `do` wants an `end`, `bad` does not compile, and of what follows
/// `return` only names, numbers and calls are expressions.
enum ScriptedLua {
    static func check(_ source: String) -> ChunkStatus {
        let words = source.split { !$0.isLetter && !$0.isNumber }
        if words.contains("bad") { return .invalid(Failure("syntax error near 'bad'")) }
        let isExpression = source.hasPrefix("return ")
        if isExpression, source.contains(" = ") || words.contains("do") || words.contains("local") {
            return .invalid(Failure("unexpected symbol"))
        }
        let open = words.count { $0 == "do" } - words.count { $0 == "end" }
        return open > 0 || source.contains("(") && !source.contains(")") ? .incomplete : .complete
    }
}
