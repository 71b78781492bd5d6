import KafkaWire

/// What a record batch says of itself before its records (magic 2, KIP-98); see `RecordBatchLayout`.
struct BatchHeader: Equatable {
    var baseOffset: Int64 = 0
    /// How many bytes follow the length itself.
    var batchLength: Int32 = 0
    var magic: Int8 = 0
    var crc: UInt32 = 0
    var attributes: Int16 = 0
    var lastOffsetDelta: Int32 = 0
    var baseTimestamp: Int64 = 0
    var maxTimestamp: Int64 = 0
    var producerId: Int64 = -1
    var producerEpoch: Int16 = -1
    var baseSequence: Int32 = -1
    var recordsCount: Int32 = 0

    /// Reads the header that the bytes begin with.
    /// - Throws: `WireError` if there are fewer bytes than a header has.
    init(prefixOf bytes: RawSpan) throws(WireError) {
        var reader = WireReader(bytes)
        try reader.field(&baseOffset)
        try reader.field(&batchLength)
        var leaderEpoch: Int32 = 0
        try reader.field(&leaderEpoch)
        try reader.field(&magic)
        var crcBits: Int32 = 0
        try reader.field(&crcBits)
        crc = UInt32(bitPattern: crcBits)
        try reader.field(&attributes)
        try reader.field(&lastOffsetDelta)
        try reader.field(&baseTimestamp)
        try reader.field(&maxTimestamp)
        try reader.field(&producerId)
        try reader.field(&producerEpoch)
        try reader.field(&baseSequence)
        try reader.field(&recordsCount)
    }

    /// All bytes of the batch, header included; less than a header's if the length is a lie.
    var byteCount: Int { Int(batchLength) + RecordBatchLayout.lengthOverhead }
    var codec: Int16 { attributes & 0x07 }
    var isLogAppendTime: Bool { attributes & 0x08 != 0 }
    var isTransactional: Bool { attributes & 0x10 != 0 }
    var isControl: Bool { attributes & 0x20 != 0 }
    /// Whether an idempotent producer wrote the batch, so that its sequences are followed.
    var hasProducer: Bool { producerId >= 0 }
    var sequences: SequenceRange { SequenceRange(first: baseSequence, count: recordsCount) }
}
