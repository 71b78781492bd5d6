import KafkaWire

/// Decides what goes wrong: first what was commanded, then what chance wants. Pure.
struct FaultPlan {
    /// What part of which request is looked at.
    struct Place: Equatable {
        var api: APIKey
        var topic: String?
        var partition: Int32?
        /// The request's version: older clients do not know the newer errors.
        var version: Int16 = .max
    }

    /// A fault that was commanded, for a number of times.
    private struct Command {
        var fault: Fault
        /// Nil means any.
        var place: Place
        var times: Int

        func reaches(_ place: Place, _ scope: Fault.Scope) -> Bool {
            fault.scope == scope && self.place.api == place.api
                && (scope != .part || self.place.topic == nil || self.place.topic == place.topic)
                && (scope != .part || self.place.partition == nil || self.place.partition == place.partition)
        }
    }

    /// The errors that a request can be refused with and succeed the next time.
    static let errors: [APIKey: [ErrorCode]] = [
        .produce: [
            .corruptMessage, .unknownTopicOrPartition, .leaderNotAvailable, .notLeaderOrFollower, .requestTimedOut,
            .notEnoughReplicas, .kafkaStorageError,
        ],
        .metadata: [.unknownTopicOrPartition, .leaderNotAvailable],
        .initProducerId: [.coordinatorLoadInProgress, .coordinatorNotAvailable, .notCoordinator, .requestTimedOut],
        .findCoordinator: [.coordinatorNotAvailable],
        .addPartitionsToTxn: transactionErrors,
        .addOffsetsToTxn: transactionErrors,
        .endTxn: transactionErrors,
        .txnOffsetCommit: [.coordinatorLoadInProgress, .coordinatorNotAvailable, .notCoordinator],
    ]
    private static let transactionErrors: [ErrorCode] = [
        .coordinatorLoadInProgress, .coordinatorNotAvailable, .notCoordinator, .concurrentTransactions,
    ]
    /// More of them for clients that send topics' ids.
    static let laterProduceErrors: [ErrorCode] = [
        .replicaNotAvailable, .networkException, .fencedLeaderEpoch, .unknownLeaderEpoch, .throttlingQuotaExceeded,
        .unknownTopicId, .inconsistentTopicId,
    ]
    /// The errors that say nothing of whether what was asked is done.
    static let lateErrors: [APIKey: [ErrorCode]] = [
        .produce: [.requestTimedOut, .notEnoughReplicasAfterAppend, .notLeaderOrFollower],
        .addPartitionsToTxn: [.coordinatorNotAvailable],
        .addOffsetsToTxn: [.coordinatorNotAvailable],
        .endTxn: [.coordinatorNotAvailable],
        .txnOffsetCommit: [.coordinatorNotAvailable],
    ]

    /// The errors that are for good.
    static let finalErrors: [ErrorCode] = [.topicAuthorizationFailed, .policyViolation, .invalidRecord]

    /// Setting them begins with their seed.
    var faults: Faults {
        didSet { generator = SplitMix(state: faults.seed) }
    }
    /// How often something went wrong by chance.
    private(set) var counts: [Faults.Kind: Int] = [:]
    private var generator: SplitMix
    private var commands: [Command] = []

    init(_ faults: Faults) {
        self.faults = faults
        generator = SplitMix(state: faults.seed)
    }

    mutating func command(_ fault: Fault, times: Int, at place: Place) {
        if times > 0 { commands.append(Command(fault: fault, place: place, times: times)) }
    }

    /// What goes wrong next with something.
    mutating func next(_ scope: Fault.Scope, at place: Place) -> Fault? {
        if let index = commands.firstIndex(where: { $0.reaches(place, scope) }) {
            let fault = commands[index].fault
            commands[index].times -= 1
            if commands[index].times == 0 { commands.remove(at: index) }
            return fault
        }
        guard !faults.isEmpty, let errors = Self.errors[place.api] else { return nil }
        switch scope {
        case .connection:
            if happens(.closed) { return .closeBefore }
            if happens(.lost) { return .closeAfter }
            if happens(.unanswered) { return .dropAnswer }
            let longest = Int64(faults.longestDelay / .milliseconds(1))
            return longest < 1 ? nil : .delayAnswer(.milliseconds(Int64.random(in: 0...longest, using: &generator)))
        case .request: return nil
        case .part:
            let isBatch = place.api == .produce
            let lateErrors = Self.lateErrors[place.api]
            if lateErrors != nil, happens(.moves) { return .moveLeader }
            if isBatch, happens(.refused) { return .error(oneOf(Self.finalErrors)) }
            if let lateErrors, happens(.late) { return .errorAfterAppend(oneOf(lateErrors)) }
            let later = isBatch && place.version >= 13 ? Self.laterProduceErrors : []
            return happens(.errors) ? .error(oneOf(errors + later)) : nil
        }
    }

    private mutating func oneOf(_ errors: [ErrorCode]) -> ErrorCode {
        errors[Int.random(in: errors.indices, using: &generator)]
    }

    private mutating func happens(_ kind: Faults.Kind) -> Bool {
        guard faults[kind] > 0, Int.random(in: 0..<1000, using: &generator) < faults[kind] else { return false }
        counts[kind, default: 0] += 1
        return true
    }
}

/// Sebastiano Vigna's splitmix64.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}
