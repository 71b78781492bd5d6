/// The framing that Java's snappy streams put around blocks (xerial's `SnappyCodec`): a header, then for each block
/// its compressed length as a big-endian Int32 and its bytes.
enum SnappyFraming {
    static let magic: [UInt8] = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]
    /// The magic, then the version and the oldest version that can read it, both 1 and big-endian.
    static let header = magic + [0, 0, 0, 1, 0, 0, 0, 1]
    /// How many bytes Java puts in a block before compressing it.
    static let blockSize = 32 << 10
    /// The most bytes that one compressed byte can stand for is 64 in 3 (a copy with its offset).
    static let largestRatio = 22
}
