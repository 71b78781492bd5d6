import NIOCore

/// When to ask for metadata. Pure: no socket, no clock.
struct MetadataState {
    private let maximumAge: TimeAmount
    private let backoff: ExponentialBackoff
    private var updatedAt: NIODeadline?
    private var isWanted = false
    private(set) var isAsking = false
    private var failures = 0
    private var notBefore = NIODeadline.distantPast

    init(maximumAge: TimeAmount, backoff: ExponentialBackoff) {
        self.maximumAge = maximumAge
        self.backoff = backoff
    }

    /// Somebody needs to know more, or found that what is known is wrong.
    /// - Parameter immediately: whether the question is a new one, which need not wait for the pause after the last.
    mutating func want(immediately: Bool = false) {
        isWanted = true
        if immediately { notBefore = .distantPast }
    }

    /// When to ask next: at once, later, or not at all (nil) as long as a question is under way.
    func nextQuestion(at now: NIODeadline) -> NIODeadline? {
        if isAsking { return nil }
        if isWanted { return max(now, notBefore) }
        guard let updatedAt else { return nil }
        return max(updatedAt + maximumAge, notBefore)
    }

    mutating func asked() {
        isAsking = true
        isWanted = false
    }

    /// - Parameter isComplete: false if a topic is still missing, and is to be asked for again.
    mutating func answered(
        at now: NIODeadline, isComplete: Bool, using generator: inout some RandomNumberGenerator
    ) {
        isAsking = false
        updatedAt = now
        if isComplete {
            failures = 0
            // A wish that came meanwhile is a new question; one that comes soon may be the same again.
            notBefore = isWanted ? .distantPast : now + TimeAmount(backoff.base(failures: 0))
        } else {
            pause(from: now, &generator)
        }
    }

    mutating func failed(at now: NIODeadline, using generator: inout some RandomNumberGenerator) {
        isAsking = false
        pause(from: now, &generator)
    }

    private mutating func pause(from now: NIODeadline, _ generator: inout some RandomNumberGenerator) {
        isWanted = true
        notBefore = now + backoff.pause(failures: failures, using: &generator)
        failures += 1
    }
}
