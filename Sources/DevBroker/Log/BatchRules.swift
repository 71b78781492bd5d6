import KafkaWire

/// What a producer's batch has to be before a partition takes it (Java's `ProduceRequest.validateRecords` and
/// `LogValidator`).
struct BatchRules {
    /// The largest batch, in bytes, header included.
    var maxBytes: Int
    /// Whether checksum and records are looked at, or the header only.
    var readsRecords: Bool
    /// The version of the produce request.
    var version: Int16
    /// Records of a later time are refused (`message.timestamp.after.max.ms`).
    var latestTimestamp = Int64.max
    /// Whether the request names a transactional id.
    var isTransactional = false

    /// Judges bytes that are to be exactly one batch.
    /// - Throws: `Refusal` that names the rule.
    func check(_ bytes: RawSpan) throws(Refusal) -> BatchHeader {
        let header: BatchHeader
        var fault: Refusal?
        do throws(RecordBatchError) {
            let batch = try RecordBatch(bytes)
            header = BatchHeader(batch)
            fault = self.fault(in: batch)
            if fault == nil, readsRecords {
                var decompressor = Decompressor()
                try batch.validate(using: &decompressor)
                fault = try timestampFault(in: batch, &decompressor)
            }
        } catch {
            throw Refusal(error)
        }
        if let fault { throw fault }
        return header
    }

    private func timestampFault(
        in batch: borrowing RecordBatch, _ decompressor: inout Decompressor
    ) throws(RecordBatchError) -> Refusal? {
        guard batch.maxTimestamp > latestTimestamp else { return nil }
        var refusal = Refusal(.invalidTimestamp, "a record's time is more than an hour ahead of the broker's clock")
        var reader = try batch.reader(using: &decompressor)
        while let record = try reader.next() {
            if record.timestamp > latestTimestamp { refusal.recordIndexes.append(record.offsetDelta) }
        }
        return refusal.recordIndexes.isEmpty ? nil : refusal
    }

    /// What is wrong with the header; nil if nothing is.
    private func fault(in batch: RecordBatch) -> Refusal? {
        let size = batch.bytes.byteCount
        let attributes = batch.attributes
        if size > maxBytes {
            return Refusal(.messageTooLarge, "a batch of \(size) bytes: \(maxBytes) are allowed")
        }
        if batch.recordsCount < 1 {
            return Refusal(.invalidRecord, "a batch has 1 record or more, not \(batch.recordsCount)")
        }
        if batch.lastOffsetDelta != batch.recordsCount - 1 {
            return Refusal(RecordBatchError.invalidLastOffsetDelta(batch.lastOffsetDelta, count: batch.recordsCount))
        }
        if batch.baseOffset != 0 {
            return Refusal(.invalidRecord, "a producer's batch has base offset 0, not \(batch.baseOffset)")
        }
        if attributes.compression == .zstd, version < 7 {
            return Refusal(.unsupportedCompressionType, "zstd needs Produce 7 or later, this is \(version)")
        }
        if attributes.timestampType == .logAppendTime {
            return Refusal(.invalidTimestamp, "a producer's batch has the time of its creation, not of the append")
        }
        if attributes.isControl {
            return Refusal(.invalidRecord, "control batches are not for producers to write")
        }
        if attributes.isTransactional, !isTransactional {
            return Refusal(.invalidTxnState, "a transactional batch in a request without a transactional id")
        }
        if attributes.isTransactional, batch.producerId < 0 {
            return Refusal(.invalidRecord, "a transactional batch without a producer id")
        }
        if batch.producerId >= 0, batch.producerEpoch < 0 || batch.baseSequence < 0 {
            return Refusal(
                .invalidRecord,
                "producer \(batch.producerId) has epoch \(batch.producerEpoch) and sequence \(batch.baseSequence)")
        }
        return nil
    }
}

extension Refusal {
    /// The code by which a broker answers a faulty batch.
    init(_ error: RecordBatchError) {
        let code: ErrorCode =
            switch error {
            case .truncated, .invalidLength, .checksumMismatch, .compression: .corruptMessage
            case .unknownCodec: .unsupportedCompressionType
            case .unsupportedMagic, .invalidCount, .invalidLastOffsetDelta, .invalidOffsetDelta, .malformedRecord,
                .trailingBytes:
                .invalidRecord
            }
        self.init(code, "\(error)")
        switch error {
        case .invalidOffsetDelta(_, let index), .malformedRecord(let index, _): recordIndexes = [Int32(clamping: index)]
        default: break
        }
    }
}
