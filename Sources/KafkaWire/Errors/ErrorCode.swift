/// What a broker answers when something went wrong; 0 when nothing did.
///
/// Names and numbers are those of Java's `org.apache.kafka.common.protocol.Errors`. A code that is not in it is kept
/// as it came: it prints as `UNKNOWN(code)` and is not worth a retry.
public struct ErrorCode: RawRepresentable, Hashable, Sendable {
    public var rawValue: Int16

    public init(rawValue: Int16) { self.rawValue = rawValue }

    /// Kafka's name, such as `NOT_LEADER_OR_FOLLOWER`.
    public var name: String { row?.name ?? "UNKNOWN(\(rawValue))" }

    /// What went wrong, in a sentence without a full stop.
    public var message: String { row?.message ?? "the broker answered with an error code that is not known here" }

    /// Whether the same request may succeed later; where `invalidatesMetadata`, perhaps at another broker.
    ///
    /// The subclasses of Java's `RetriableException`.
    public var isRetriable: Bool { row.map { $0.retry != .no } ?? false }

    /// Whether the broker's answer shows that the client's picture of the cluster is out of date.
    ///
    /// The subclasses of Java's `InvalidMetadataException`.
    public var invalidatesMetadata: Bool { row?.retry == .staleMetadata }

    private var row: Row? {
        let index = Int(rawValue) + 1
        return Self.table.indices.contains(index) ? Self.table[index] : nil
    }

    enum Retry {
        case no
        case retriable
        /// Retriable, after new metadata.
        case staleMetadata
    }

    /// What is known about one code.
    struct Row {
        let code: ErrorCode
        let name: String
        let retry: Retry
        let message: String

        init(_ code: ErrorCode, _ name: String, retry: Retry = .no, _ message: String) {
            self.code = code
            self.name = name
            self.retry = retry
            self.message = message
        }
    }
}

extension ErrorCode: CustomStringConvertible {
    public var description: String { name }
}
