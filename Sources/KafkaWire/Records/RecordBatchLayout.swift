/// Where the fields of a record batch's header lie (magic 2, KIP-98), counted in bytes from the batch's start.
public enum RecordBatchLayout {
    /// Int64: the offset of the first record.
    public static let baseOffset = 0
    /// Int32: how many bytes follow this field.
    public static let batchLength = 8
    /// Int32: the epoch of the partition's leader; −1 in what a producer writes.
    public static let partitionLeaderEpoch = 12
    /// Int8: the version of the format.
    public static let magic = 16
    /// UInt32: CRC-32C of everything from `attributes` to the end of the batch.
    public static let crc = 17
    /// Int16: bits 0–2 codec, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon.
    public static let attributes = 21
    /// Int32: the last record's offset less the first one's.
    public static let lastOffsetDelta = 23
    /// Int64: the timestamp that the records' deltas are relative to, in ms.
    public static let baseTimestamp = 27
    /// Int64: the largest timestamp of the records, or the time of the append, in ms.
    public static let maxTimestamp = 35
    /// Int64: −1 without idempotence.
    public static let producerId = 43
    /// Int16: −1 without idempotence.
    public static let producerEpoch = 51
    /// Int32: the sequence of the first record; −1 without idempotence.
    public static let baseSequence = 53
    /// Int32: how many records.
    public static let recordsCount = 57
    /// How many bytes precede the records, which may be compressed.
    public static let headerSize = 61
    /// How many bytes precede those that `batchLength` counts.
    public static let lengthOverhead = 12
    /// The only version of the format that is read and written.
    public static let currentMagic: Int8 = 2
}
