import CZlib

/// The CRC of zlib, by which librdkafka's `consistent` partitioners choose.
public enum CRC32 {
    public static func checksum(_ bytes: RawSpan) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0) }
    }

    public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        // zlib gives the value to start from when it is shown no bytes at a null address.
        let start = crc32_z(0, nil, 0)
        guard let base = bytes.baseAddress else { return UInt32(truncatingIfNeeded: start) }
        let bytesOfZlib = base.assumingMemoryBound(to: UInt8.self)
        return UInt32(truncatingIfNeeded: crc32_z(start, bytesOfZlib, bytes.count))
    }
}
