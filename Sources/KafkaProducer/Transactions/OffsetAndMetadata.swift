/// How far a consumer group has come in a partition.
public struct OffsetAndMetadata: Hashable, Sendable {
    /// The offset of the next record to read: that of the last one processed, and 1. From 0.
    public var offset: Int64
    /// The leader epoch of the last record read; nil if it is not known (KIP-320).
    public var leaderEpoch: Int32?
    /// Text that is kept with the offset.
    public var metadata: String

    public init(_ offset: Int64, leaderEpoch: Int32? = nil, metadata: String = "") {
        self.offset = offset
        self.leaderEpoch = leaderEpoch
        self.metadata = metadata
    }
}
