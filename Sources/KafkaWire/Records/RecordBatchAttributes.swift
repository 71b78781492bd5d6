/// The attributes of a record batch, as its header packs them into 16 bits.
public struct RecordBatchAttributes: RawRepresentable, Hashable, Sendable {
    public var rawValue: Int16

    private static let codecMask: Int16 = 0b111
    private static let logAppendTimeBit: Int16 = 1 << 3
    private static let transactionalBit: Int16 = 1 << 4
    private static let controlBit: Int16 = 1 << 5

    public init(rawValue: Int16) { self.rawValue = rawValue }

    public init(
        compression: Compression = .none, timestampType: TimestampType = .createTime, isTransactional: Bool = false,
        isControl: Bool = false
    ) {
        rawValue = Int16(compression.rawValue)
        if timestampType == .logAppendTime { rawValue |= Self.logAppendTimeBit }
        if isTransactional { rawValue |= Self.transactionalBit }
        if isControl { rawValue |= Self.controlBit }
    }

    /// The number of the codec, which may be one that is not known.
    public var codec: UInt8 { UInt8(rawValue & Self.codecMask) }
    /// The codec; nil when its number is not known.
    public var compression: Compression? { Compression(rawValue: codec) }
    public var timestampType: TimestampType {
        rawValue & Self.logAppendTimeBit == 0 ? .createTime : .logAppendTime
    }
    public var isTransactional: Bool { rawValue & Self.transactionalBit != 0 }
    /// Whether the batch carries a marker of a transaction's end instead of records of a producer.
    public var isControl: Bool { rawValue & Self.controlBit != 0 }
}
