/// Whose time a record's timestamp is (`message.timestamp.type`).
public enum TimestampType: UInt8, Sendable {
    /// The producer's, one for each record.
    case createTime = 0
    /// The broker's when it appended the batch: one for all records.
    case logAppendTime = 1
}
