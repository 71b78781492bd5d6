import KafkaWire

/// What an answer means for a batch.
enum ProduceVerdict: Equatable {
    case stored
    /// Send it again, after a pause.
    case retry
    /// Send it again under a new epoch: the broker has nothing of it, nor of what comes after it.
    case renumber
    /// Send the records again in smaller batches, at once: the broker takes none so large.
    case split
    case fail

    /// - Parameters:
    ///   - isTransactional: whether an abort is the way to a new epoch, instead of numbering anew.
    ///   - isFirst: whether no batch of a lower sequence is still under way. One that failed counts as gone. Asked where it
    ///     matters only.
    ///   - recordCount: how many records the batch has.
    static func of(
        _ code: ErrorCode, isIdempotent: Bool, isTransactional: Bool = false, isFirst: @autoclosure () -> Bool,
        recordCount: Int32
    ) -> ProduceVerdict {
        switch code {
        case .none, .duplicateSequenceNumber:
            .stored
        case .outOfOrderSequenceNumber where isIdempotent, .unknownProducerId where isIdempotent,
            .invalidProducerEpoch where isIdempotent:
            // What became of the batches before it has to be known first: they may be stored, and would be twice under
            // new sequences. If there are none, the broker has lost the sequence, or never got a batch that failed.
            isFirst() ? isTransactional ? .fail : .renumber : .retry
        case .messageTooLarge where recordCount > 1, .recordListTooLarge where recordCount > 1:
            .split
        default:
            code.isRetriable ? .retry : .fail
        }
    }
}
