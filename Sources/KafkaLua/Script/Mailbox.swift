import DequeModule
import KafkaProducer
import LuaRuntime
import NIOCore
import Synchronization

/// What other threads leave for the script's thread: deliveries whose callbacks are due, questions for a token, and
/// wake-ups.
///
/// Each entry belongs to a record that was sent and not yet reported. `send` reports what is due before it takes more,
/// so what is in flight bounds the mailbox.
final class Mailbox: Sendable {
    /// A delivery, and who wants to hear of it.
    struct Delivery: Sendable {
        var metadata: RecordMetadata
        var error: KafkaError?
        /// Called with metadata, error and record.
        var callback: LuaFunction?
        /// What the callback gets as its third argument.
        var record: LuaReference?
        /// Whether a prompt shows it.
        var isShown = false
    }

    private struct State {
        var deliveries: Deque<Delivery> = []
        var questions: Deque<TokenQuestion> = []
        /// Whether nobody answers questions any more.
        var isClosed = false
        /// Opened by whatever comes next.
        var sleeper: Latch?
        /// Calls the owner when something has come and it is not waiting here.
        var notify: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let hasDeliveries = Atomic(false)
    private let hasQuestions = Atomic(false)

    /// Whether a script that is about to send can do so at once.
    var isQuiet: Bool { isEmpty && !hasQuestions.load(ordering: .relaxed) }

    /// Cheap to ask before each record.
    var isEmpty: Bool { !hasDeliveries.load(ordering: .relaxed) }

    /// `notify` is called, on any thread, when deliveries have come; it must only wake somebody.
    func onDelivery(_ notify: @escaping @Sendable () -> Void) {
        state.withLock { $0.notify = notify }
    }

    func deliver(_ delivery: Delivery) {
        let (sleeper, notify) = state.withLock { state in
            let wasEmpty = state.deliveries.isEmpty
            state.deliveries.append(delivery)
            hasDeliveries.store(true, ordering: .relaxed)
            return (state.sleeper.take(), wasEmpty ? state.notify : nil)
        }
        sleeper?.open()
        notify?()
    }

    // MARK: - Tokens

    func ask(_ question: TokenQuestion) {
        let (isClosed, sleeper, notify) = state.withLock { state in
            guard !state.isClosed else { return (true, Latch?.none, (@Sendable () -> Void)?.none) }
            state.questions.append(question)
            hasQuestions.store(true, ordering: .relaxed)
            return (false, state.sleeper.take(), state.notify)
        }
        if isClosed { return question.answer(.failure(TokenQuestion.ended)) }
        sleeper?.open()
        notify?()
    }

    /// The question that was asked first; nil if there is none.
    func nextQuestion() -> TokenQuestion? {
        state.withLock { state in
            defer { hasQuestions.store(!state.questions.isEmpty, ordering: .relaxed) }
            return state.questions.popFirst()
        }
    }

    /// Nobody answers questions any more.
    func closeQuestions() {
        let questions = state.withLock { state in
            state.isClosed = true
            defer { state.questions = [] }
            return state.questions
        }
        for question in questions { question.answer(.failure(TokenQuestion.ended)) }
    }

    // MARK: - Waiting

    /// Ends a wait, if there is one.
    func wake() { state.withLock { $0.sleeper.take() }?.open() }

    /// The delivery that came first; nil if there is none.
    func next() -> Delivery? {
        state.withLock { state in
            let delivery = state.deliveries.popFirst()
            if state.deliveries.isEmpty { hasDeliveries.store(false, ordering: .relaxed) }
            return delivery
        }
    }

    /// How many deliveries wait.
    var count: Int { state.withLock { $0.deliveries.count } }

    /// Blocks until something comes, `isDone` says so of what woke this, or the time is up.
    /// - Parameters:
    ///   - takesMail: whether the caller will run what is due; otherwise deliveries that are there stay there.
    ///   - takesQuestions: the same of questions.
    ///   - block: returns when the latch is open or the time is up, or earlier.
    func sleep(
        until deadline: NIODeadline, takesMail: Bool, takesQuestions: Bool, unless isDone: () -> Bool,
        blocking block: (_ sleeper: Latch, _ deadline: NIODeadline) throws(KafkaError) -> Void
    ) throws(KafkaError) {
        let sleeper = Latch()
        let hasMail = state.withLock { state in
            state.sleeper = sleeper
            return takesMail && !state.deliveries.isEmpty || takesQuestions && !state.questions.isEmpty
        }
        // Asked once the sleeper can be woken, so that nothing in between is missed.
        if hasMail || isDone() { return }
        try block(sleeper, deadline)
    }

    /// How a thread blocks that waits for nothing else.
    static func block(until sleeper: Latch, _ deadline: NIODeadline) throws(KafkaError) {
        _ = try sleeper.wait(until: deadline)
    }
}
