import NIOCore

/// When to ask for metadata, and how much of it (Java's Metadata). Pure: no socket, no clock.
struct MetadataState {
    enum Question: Equatable {
        /// All topics in use.
        case allTopics
        /// Topics of which nothing is known yet: the rest is fresh enough.
        case newTopics
    }

    private let maximumAge: TimeAmount
    private let backoff: ExponentialBackoff
    private var updatedAt: NIODeadline?
    private var wantsAll = false
    private var wantsNew = false
    private var underWay: Question?
    /// Questions without an answer, one after the other.
    private var failures = 0
    /// Answers that told nothing new, one after the other: whoever asks again waits for a change that takes its time.
    private var repetitions = 0
    private var notBefore = NIODeadline.distantPast

    init(maximumAge: TimeAmount, backoff: ExponentialBackoff) {
        self.maximumAge = maximumAge
        self.backoff = backoff
    }

    var isAsking: Bool { underWay != nil }

    /// Something that is known was found to be wrong, or something is missing.
    mutating func want() { wantsAll = true }

    /// There is a topic of which nothing is known yet: the question is a new one, and does not wait for the pause after
    /// the last.
    mutating func wantNewTopic() {
        wantsNew = true
        repetitions = 0
        notBefore = .distantPast
    }

    /// When to ask next: at once, later, or not at all (nil) as long as a question is under way.
    func nextQuestion(at now: NIODeadline) -> NIODeadline? {
        if isAsking { return nil }
        if wantsAll || wantsNew { return max(now, notBefore) }
        guard let updatedAt else { return nil }
        return max(updatedAt + maximumAge, notBefore)
    }

    /// The question is put.
    mutating func ask(at now: NIODeadline) -> Question {
        let isFresh = updatedAt.map { now < $0 + maximumAge } ?? false
        if !isFresh { repetitions = 0 }
        let question: Question = wantsAll || !isFresh ? .allTopics : .newTopics
        underWay = question
        wantsNew = false
        return question
    }

    /// - Parameters:
    ///   - isComplete: false if something is still missing, and is to be asked for again.
    ///   - isNews: whether anything has changed since the answer before.
    mutating func answered(
        at now: NIODeadline, isComplete: Bool, isNews: Bool, using generator: inout some RandomNumberGenerator
    ) {
        // A wish of this kind that came meanwhile is fulfilled, but one for a new topic: that was not asked about.
        if underWay == .allTopics {
            updatedAt = now
            wantsAll = false
        }
        if !isComplete { wantsAll = true }
        underWay = nil
        failures = 0
        repetitions = isNews ? 0 : repetitions + 1
        pause(from: now, times: repetitions, &generator)
    }

    mutating func failed(at now: NIODeadline, using generator: inout some RandomNumberGenerator) {
        if underWay == .newTopics { wantsNew = true } else { wantsAll = true }
        underWay = nil
        failures += 1
        repetitions = 0
        pause(from: now, times: failures, &generator)
    }

    /// Nobody answers, and whoever wanted to know has been told so: nothing is asked until somebody wants to know again,
    /// or what is known is too old once more.
    mutating func abandon(at now: NIODeadline) {
        if updatedAt != nil { updatedAt = now }
        wantsAll = false
        wantsNew = false
        underWay = nil
        failures = 0
        repetitions = 0
    }

    /// Nothing that was known counts any more: the brokers are others. A pause for failures goes on.
    mutating func restart() {
        updatedAt = nil
        underWay = nil
        wantsAll = true
    }

    private mutating func pause(from now: NIODeadline, times: Int, _ generator: inout some RandomNumberGenerator) {
        guard !wantsNew || failures > 0 else { return notBefore = .distantPast }
        notBefore = now + backoff.pause(failures: max(0, times - 1), using: &generator)
    }
}
