import KafkaWire

/// A hash by which keys get their partitions. Its remainder is taken of an unsigned number, as librdkafka does.
enum KeyHash: Sendable {
    /// librdkafka's default; `rd_crc32`.
    case crc32
    /// Sarama's; `rd_fnv1a`.
    case fnv1a
    /// Java's; `rd_murmur2` without the sign bit.
    case murmur2

    /// The partition of a key, from 0 to `count` − 1; a missing key has that of an empty one.
    func partition(of key: RawSpan?, among count: Int32) -> Int32 {
        let hash: UInt32
        if let key {
            hash = key.withUnsafeBytes { self.hash($0) }
        } else {
            hash = self.hash(UnsafeRawBufferPointer(start: nil, count: 0))
        }
        return Int32(hash % UInt32(count))
    }

    private func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        switch self {
        case .crc32: CRC32.checksum(bytes)
        case .fnv1a: FNV1a.hash(bytes)
        case .murmur2: UInt32(Murmur2.toPositive(Murmur2.hash(bytes)))
        }
    }
}
