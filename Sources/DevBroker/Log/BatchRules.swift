import KafkaWire

/// What a batch has to be before a partition takes it (Java's `LogValidator`, `ProduceRequest.validateRecords`).
struct BatchRules {
    /// The largest batch, in bytes, header included.
    var maxBytes = Int.max
    var verifiesChecksum = true

    /// The rules for what a file is found to hold.
    static let stored = BatchRules()

    /// Judges the one batch that the bytes are to be.
    /// - Returns: The batch's header.
    /// - Throws: `Refusal` that names the rule.
    func check(_ bytes: RawSpan) throws(Refusal) -> BatchHeader {
        let header: BatchHeader
        do {
            header = try BatchHeader(prefixOf: bytes)
        } catch {
            throw Refusal(.corruptMessage, "\(bytes.byteCount) bytes are no record batch: \(error)")
        }
        guard header.magic == RecordBatchLayout.currentMagic else {
            throw Refusal(.invalidRecord, "a record batch has magic 2, not \(header.magic)")
        }
        guard header.byteCount >= RecordBatchLayout.headerSize, header.byteCount <= bytes.byteCount else {
            throw Refusal(
                .corruptMessage,
                "the batch says that it has \(header.byteCount) bytes, \(bytes.byteCount) were sent")
        }
        guard header.byteCount == bytes.byteCount else {
            throw Refusal(
                .invalidRecord,
                "a partition takes one batch a request: \(bytes.byteCount - header.byteCount) bytes follow the first")
        }
        guard header.byteCount <= maxBytes else {
            throw Refusal(
                .messageTooLarge, "the batch has \(header.byteCount) bytes, this broker takes \(maxBytes) at most")
        }
        if verifiesChecksum {
            let checksum = CRC32C.checksum(bytes.extracting(droppingFirst: RecordBatchLayout.attributes))
            guard checksum == header.crc else {
                throw Refusal(
                    .corruptMessage,
                    "the batch's CRC is \(String(header.crc, radix: 16)), "
                        + "its bytes have \(String(checksum, radix: 16))")
            }
        }
        try checkCounts(header)
        return header
    }

    private func checkCounts(_ header: BatchHeader) throws(Refusal) {
        guard header.recordsCount > 0 else {
            throw Refusal(.invalidRecord, "a batch has 1 record or more, not \(header.recordsCount)")
        }
        guard header.lastOffsetDelta == header.recordsCount - 1 else {
            throw Refusal(
                .invalidRecord,
                "a batch of \(header.recordsCount) records ends with offset delta \(header.recordsCount - 1), "
                    + "not \(header.lastOffsetDelta)")
        }
        if header.hasProducer, header.baseSequence < 0 || header.producerEpoch < 0 {
            throw Refusal(
                .invalidRecord,
                "producer \(header.producerId) has sequence \(header.baseSequence) and epoch \(header.producerEpoch)")
        }
    }

    /// Judges what only a producer's batches have to be.
    /// - Parameter version: That of the produce request.
    func checkProduced(_ header: BatchHeader, version: Int16) throws(Refusal) {
        guard header.baseOffset == 0 else {
            throw Refusal(.invalidRecord, "a producer's batch has base offset 0, not \(header.baseOffset)")
        }
        guard let codec = UInt8(exactly: header.codec).flatMap(Compression.init(rawValue:)) else {
            throw Refusal(.unsupportedCompressionType, "no codec has the number \(header.codec)")
        }
        if codec == .zstd, version < 7 {
            throw Refusal(.unsupportedCompressionType, "zstd needs version 7 of Produce, this is \(version)")
        }
        if header.isLogAppendTime {
            throw Refusal(.invalidTimestamp, "a producer's batch has the time of its creation, not of the append")
        }
        if header.isControl {
            throw Refusal(.invalidRecord, "control batches are not for producers to write")
        }
        if header.isTransactional {
            throw Refusal(.invalidTxnState, "producer \(header.producerId) has no open transaction")
        }
    }
}
