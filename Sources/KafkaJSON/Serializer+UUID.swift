public import KafkaProducer

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension Serializer where Value == UUID {
    /// Foundation's UUIDs, as Java's UUIDSerializer writes them: the text with hyphens, in lower case.
    public static var uuid: Serializer {
        Serializer<KafkaUUID>.uuid.converting { value in
            withUnsafeBytes(of: value.uuid) { bytes in
                KafkaUUID(
                    high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
            }
        }
    }
}
