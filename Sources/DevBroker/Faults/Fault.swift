public import KafkaWire

/// One thing that goes wrong with a request, or with a part of it.
public enum Fault: Sendable, Equatable {
    /// Refused: the batch, the topic's metadata, the producer id, or what a coordinator was asked.
    case error(ErrorCode)
    /// The batch is appended, or done what a coordinator was asked, and answered with an error.
    case errorAfterAppend(ErrorCode)
    /// The batch is refused because of the records with these indexes (KIP-467).
    case recordErrors([Int32])
    /// The partition, or the coordinator, has moved to the next node before the request arrives.
    case moveLeader
    /// The produce answer asks for a pause (KIP-219), of whole milliseconds.
    case throttle(Duration)
    /// The connection is closed before the request is looked at.
    case closeBefore
    /// What was asked is done, and the connection closed in place of the answer.
    case closeAfter
    /// What was asked is done and never answered; the connection stays open.
    case dropAnswer
    /// The answer takes so long.
    case delayAnswer(Duration)

    /// What part of a request a fault is about.
    enum Scope {
        case connection
        case request
        case part
    }

    var scope: Scope {
        switch self {
        case .error, .errorAfterAppend, .recordErrors, .moveLeader: .part
        case .throttle: .request
        case .closeBefore, .closeAfter, .dropAnswer, .delayAnswer: .connection
        }
    }
}
