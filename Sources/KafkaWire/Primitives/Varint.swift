/// Variable-length integers as in Protocol Buffers: seven bits a byte, lowest first.
public enum Varint {
    @inlinable
    public static func zigzag(_ value: Int32) -> UInt32 { UInt32(bitPattern: (value << 1) ^ (value >> 31)) }
    @inlinable
    public static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }
    @inlinable
    public static func unzigzag(_ value: UInt32) -> Int32 { Int32(bitPattern: value >> 1) ^ -Int32(value & 1) }
    @inlinable
    public static func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(value & 1) }

    /// How many bytes the unsigned value takes: 1 to 10.
    @inlinable
    public static func size(_ value: UInt64) -> Int {
        // Nearly all lengths and deltas of records take one byte or two.
        if value < 1 << 7 { return 1 }
        if value < 1 << 14 { return 2 }
        return (70 - value.leadingZeroBitCount) / 7
    }
    @inlinable
    public static func size(_ value: UInt32) -> Int { size(UInt64(value)) }
    /// How many bytes the zigzag-encoded signed value takes.
    @inlinable
    public static func size(_ value: Int32) -> Int { size(zigzag(value)) }
    @inlinable
    public static func size(_ value: Int64) -> Int { size(zigzag(value)) }
}
