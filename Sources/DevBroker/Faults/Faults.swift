/// What goes wrong at a broker on purpose, and how often: for clients that want to see how they bear it.
///
/// Chances are in a thousand: of the requests for metadata, producer ids, to coordinators and to produce, or of the
/// batches in the latter. They are drawn in the order in which requests come, so that the same seed means the same faults only for a
/// client that sends the same.
public struct Faults: Sendable, Equatable {
    /// Something that goes wrong by chance.
    public enum Kind: String, Sendable, CaseIterable {
        /// A batch, a topic's metadata or what a coordinator was asked is refused with an error that is worth a retry.
        case errors
        /// A batch is appended, or done what a coordinator was asked, and answered with an error that is worth a retry, all the same.
        case late
        /// A batch is refused with an error that is for good.
        case refused
        /// The connection is closed before the request is looked at.
        case closed
        /// What was asked is done, and the connection is closed in place of the answer.
        case lost
        /// What was asked is done and never answered; the connection stays open.
        case unanswered
        /// The partition, or the coordinator, has moved to another node before the request arrives.
        case moves
    }

    /// Where the chances begin.
    public var seed: UInt64
    /// The longest time that an answer takes, in whole milliseconds; each takes something between nothing and that.
    public var longestDelay: Duration
    private var chances: [Kind: Int]

    /// - Parameters:
    ///   - chances: In a thousand; 0 where nothing is said.
    ///   - longestDelay: 0 for no delays.
    public init(_ chances: [Kind: Int] = [:], longestDelay: Duration = .zero, seed: UInt64 = 1) {
        self.seed = seed
        self.longestDelay = longestDelay
        self.chances = chances
    }

    /// Whether nothing goes wrong.
    var isEmpty: Bool { longestDelay == .zero && chances.values.allSatisfy { $0 == 0 } }

    /// How often something goes wrong, in a thousand; above that is always.
    public subscript(kind: Kind) -> Int {
        get { chances[kind, default: 0] }
        set { chances[kind] = newValue }
    }

    /// Reads `name=value` pairs with commas in between, such as `seed=7,errors=20,lost=10,delay=5ms`.
    ///
    /// The names are those of `Kind`, with a value of 0 to 1000 each, and `seed` and `delay`.
    /// - Throws: `DevBrokerError` that says which pair cannot be.
    public init(parsing text: String) throws(DevBrokerError) {
        self.init()
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw DevBrokerError("'\(pair)' is no fault: name=value is expected") }
            try set(parts[0], parts[1])
        }
    }

    private mutating func set(_ name: String, _ text: String) throws(DevBrokerError) {
        switch name {
        case "seed":
            guard let seed = UInt64(text) else { throw DevBrokerError("seed is a number from 0, not '\(text)'") }
            self.seed = seed
        case "delay":
            guard text.hasSuffix("ms"), let delay = UInt16(text.dropLast(2)) else {
                throw DevBrokerError("delay is a time such as 5ms, up to 65535ms, not '\(text)'")
            }
            longestDelay = .milliseconds(Int64(delay))
        default:
            guard let kind = Kind(rawValue: name) else {
                let names = (["seed", "delay"] + Kind.allCases.map(\.rawValue)).joined(separator: ", ")
                throw DevBrokerError("'\(name)' is no fault; there are \(names)")
            }
            guard let chance = Int(text), (0...1000).contains(chance) else {
                throw DevBrokerError("\(name) is a chance from 0 to 1000 in a thousand, not '\(text)'")
            }
            self[kind] = chance
        }
    }
}
