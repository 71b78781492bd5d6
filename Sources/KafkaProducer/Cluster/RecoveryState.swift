import NIOCore

/// When to forget the brokers that are known, and to start again from `bootstrap.servers` (KIP-899, KIP-1102). Pure: no
/// socket, no clock.
struct RecoveryState {
    private let strategy: MetadataRecoveryStrategy
    private let trigger: TimeAmount
    /// When the question was due that has had no answer since.
    private var unansweredSince: NIODeadline?
    private var isRequired = false

    /// With less, the client would start again before anybody could have answered.
    private static let shortestTrigger = TimeAmount.seconds(1)

    init(strategy: MetadataRecoveryStrategy, trigger: TimeAmount) {
        self.strategy = strategy
        self.trigger = max(trigger, Self.shortestTrigger)
    }

    /// Metadata is needed, whether or not there is somebody to ask.
    mutating func needed(at now: NIODeadline) {
        if unansweredSince == nil { unansweredSince = now }
    }

    /// Metadata has come.
    mutating func answered() { unansweredSince = nil }

    /// A broker said that what this client knows is of no use (error 129). Without the strategy that is one failure
    /// among others.
    mutating func required() { isRequired = strategy == .rebootstrap }

    /// When to look whether it is time; nil if nothing is needed, or nothing would follow.
    var deadline: NIODeadline? {
        guard strategy == .rebootstrap else { return nil }
        return isRequired ? .distantPast : unansweredSince.map { $0 + trigger }
    }

    /// Whether to start again now.
    func isDue(at now: NIODeadline) -> Bool { deadline.map { $0 <= now } ?? false }

    /// All has been forgotten; the next attempt has as much time as the first.
    mutating func restarted(at now: NIODeadline) {
        isRequired = false
        unansweredSince = now
    }

    /// Whether `bootstrap.servers` may be asked besides the brokers that are known, where none of these can be reached.
    var keepsBootstrapServers: Bool { strategy == .rebootstrap }
}
