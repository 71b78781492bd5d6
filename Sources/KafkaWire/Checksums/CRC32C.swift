import CSupport

/// The Castagnoli CRC that guards a record batch; computed by the processor's own instruction where it has one.
public struct CRC32C: Hashable, Sendable {
    /// The checksum of all bytes so far; 0 before the first.
    public private(set) var value: UInt32 = 0

    public init() {}

    public mutating func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { update($0) }
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = csupport_crc32c(value, bytes.baseAddress, bytes.count)
    }

    public static func checksum(_ bytes: RawSpan) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0) }
    }

    public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        csupport_crc32c(0, bytes.baseAddress, bytes.count)
    }
}
