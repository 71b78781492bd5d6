/// The hash by which Java's producer gives a key its partition (`org.apache.kafka.common.utils.Utils.murmur2`).
public enum Murmur2 {
    @usableFromInline static let seed: UInt32 = 0x9747_b28c
    @usableFromInline static let multiplier: UInt32 = 0x5bd1_e995

    @inlinable
    public static func hash(_ bytes: RawSpan) -> Int32 {
        bytes.withUnsafeBytes { hash($0) }
    }

    @inlinable
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        let count = bytes.count
        let whole = count & ~3
        var hash = seed ^ UInt32(truncatingIfNeeded: count)
        var index = 0
        while index < whole {
            var word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            word &*= multiplier
            word ^= word >> 24
            word &*= multiplier
            hash = (hash &* multiplier) ^ word
            index += 4
        }
        if whole < count {
            var shift: UInt32 = 0
            while index < count {
                hash ^= UInt32(bytes[index]) &<< shift
                shift += 8
                index += 1
            }
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        hash ^= hash >> 15
        return Int32(bitPattern: hash)
    }

    /// The hash without its sign bit, as Java takes it before the remainder (`Utils.toPositive`).
    @inlinable
    public static func toPositive(_ hash: Int32) -> Int32 { hash & 0x7fff_ffff }
}
