/// Where the records of one partition lie in a message.
///
/// Messages carry record batches by reference, so that they are never copied. Decoding gives the place of the
/// records in the body. Encoding leaves a gap of `count` bytes, and whoever writes the message to a socket puts the
/// batches there (`WireWriter.gaps`).
public struct RecordsReference: Hashable, Sendable {
    /// The first byte, counted from the start of the body; not read when encoding.
    public var offset: Int
    /// How many bytes.
    public var count: Int

    public init(offset: Int = 0, count: Int) {
        self.offset = offset
        self.count = count
    }
}
