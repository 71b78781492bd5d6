import KafkaWire

/// What an answer means for a batch.
enum ProduceVerdict: Equatable {
    case stored
    /// Send it again, after a pause.
    case retry
    /// Send it again under a new epoch: the broker has nothing of it, nor of what comes after it.
    case renumber
    case fail

    /// - Parameters:
    ///   - isFirst: whether all batches of lower sequences are stored.
    ///   - hasGap: whether a batch of a lower sequence failed.
    static func of(
        _ code: ErrorCode, isIdempotent: Bool, isFirst: Bool, hasGap: Bool
    ) -> ProduceVerdict {
        switch code {
        case .none, .duplicateSequenceNumber:
            .stored
        case .outOfOrderSequenceNumber where isIdempotent, .unknownProducerId where isIdempotent:
            // An earlier batch has to be repeated first; if there is none, the broker has lost the sequence.
            isFirst || hasGap ? .renumber : .retry
        case .invalidProducerEpoch where isIdempotent:
            .renumber
        default:
            code.isRetriable ? .retry : .fail
        }
    }
}
