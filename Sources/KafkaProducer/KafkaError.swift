public import KafkaWire

/// What went wrong with a record, a request or a call, and what may be done about it.
///
/// Errors of a broker carry its code; errors that arise in the client have a `kind` of their own and the code −1.
public struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable {
        /// A broker answered with an error code.
        case broker = "BROKER_ERROR"
        /// A configuration key or value that cannot be.
        case configuration = "INVALID_CONFIGURATION"
        /// Time ran out: `delivery.timeout.ms`, `max.block.ms` or `request.timeout.ms`.
        case timeout = "TIMED_OUT"
        /// `buffer.memory` stayed exhausted for `max.block.ms`.
        case bufferExhausted = "BUFFER_EXHAUSTED"
        /// A record larger than `max.request.size` or `buffer.memory`.
        case recordTooLarge = "RECORD_TOO_LARGE"
        /// A serializer failed.
        case serialization = "SERIALIZATION_FAILED"
        /// A partitioner failed or named a partition that is not there.
        case partitioner = "PARTITIONER_FAILED"
        /// The producer was closed.
        case closed = "PRODUCER_CLOSED"
        /// A call that is not allowed now.
        case illegalState = "ILLEGAL_STATE"
        /// The transaction was aborted before the record was sent (Java's TransactionAbortedException).
        case transactionAborted = "TRANSACTION_ABORTED"
        /// An argument that cannot be.
        case illegalArgument = "ILLEGAL_ARGUMENT"
        /// A connection failed or was closed.
        case network = "NETWORK_ERROR"
        /// A peer that does not speak Kafka's protocol, or not a version that is known here.
        case unsupportedVersion = "UNSUPPORTED_VERSION"
        /// A broker and this client could not show each other who they are. Errors that a broker answers to a login have
        /// its code, and are of kind `broker`.
        case authentication = "AUTHENTICATION_FAILED"
        /// Bytes that are not what the protocol says.
        case malformed = "MALFORMED_RESPONSE"
    }

    public let kind: Kind
    /// The broker's code; −1 (UNKNOWN_SERVER_ERROR) for errors of the client.
    public let code: ErrorCode
    /// What happened, and what to do about it.
    public let message: String
    /// Whether the same call may succeed later.
    public let isRetriable: Bool
    /// Whether the producer cannot go on and can only be closed.
    public let isFatal: Bool
    /// Whether an open transaction has to be aborted.
    public let isAbortable: Bool

    public init(
        _ kind: Kind, _ message: String, isRetriable: Bool? = nil, isFatal: Bool = false, isAbortable: Bool = false
    ) {
        self.kind = kind
        self.code = .unknownServerError
        self.message = message
        self.isRetriable = isRetriable ?? Self.retriableKinds.contains(kind)
        self.isFatal = isFatal
        self.isAbortable = isAbortable
    }

    /// The error that stands behind a broker's code.
    public init(_ code: ErrorCode, _ context: String = "") {
        self.kind = .broker
        self.code = code
        self.message = context.isEmpty ? code.message : "\(context): \(code.message)"
        self.isRetriable = code.isRetriable
        self.isFatal = Self.fatalCodes.contains(code)
        self.isAbortable = code == .transactionAbortable
    }

    private init(
        _ error: KafkaError, message: String, isFatal: Bool, isAbortable: Bool, isRetriable: Bool = false
    ) {
        kind = error.kind
        code = error.code
        self.message = message
        self.isRetriable = isRetriable
        self.isFatal = isFatal
        self.isAbortable = isAbortable
    }

    /// The same error with other consequences: no longer one that goes away when the call is repeated.
    func marked(isFatal: Bool, isAbortable: Bool, message: String) -> KafkaError {
        KafkaError(self, message: message, isFatal: isFatal, isAbortable: isAbortable)
    }

    /// The same error in other words.
    func explained(_ message: String) -> KafkaError {
        KafkaError(self, message: message, isFatal: isFatal, isAbortable: isAbortable, isRetriable: isRetriable)
    }

    /// What a serializer threw, unless it is one of our own errors.
    @usableFromInline
    init(serialization error: any Error, topic: String) {
        self = error as? KafkaError ?? KafkaError(.serialization, "a record for topic '\(topic)': \(error)")
    }

    /// A serializer that neither gave bytes nor threw.
    @usableFromInline
    static func noBytes(topic: String) -> KafkaError {
        KafkaError(.serialization, "a record for topic '\(topic)': a serializer returned without giving bytes")
    }

    private static let retriableKinds: Set<Kind> = [.timeout, .bufferExhausted, .network]
    private static let fatalCodes: Set<ErrorCode> = [
        .producerFenced, .transactionalIdAuthorizationFailed, .clusterAuthorizationFailed,
    ]

    /// The protocol's name for a broker's error, else the kind's name.
    public var name: String { kind == .broker ? code.name : kind.rawValue }

    public var description: String { "\(name): \(message)" }
}
