/// The leader of a partition, as a broker that is no longer the leader names it (KIP-951).
public struct LeaderIdAndEpoch: WireStruct {
    /// −1 when it is not known.
    public var leaderId: Int32 = -1
    /// −1 when it is not known.
    public var leaderEpoch: Int32 = -1

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&leaderId)
        try coder.field(&leaderEpoch)
    }
}
