/// The hash of librdkafka's `fnv1a` partitioners, which is that of Sarama: 32-bit FNV-1a, taken as a signed number
/// whose sign is then dropped.
public enum FNV1a {
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        bytes.withUnsafeBytes { hash($0) }
    }

    public static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for byte in bytes {
            hash = (hash ^ UInt32(byte)) &* 0x0100_0193
        }
        return Int32(bitPattern: hash).magnitude
    }
}
