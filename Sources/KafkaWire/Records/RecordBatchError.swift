/// What is wrong with a record batch.
public enum RecordBatchError: Error, Equatable, CustomStringConvertible {
    /// Fewer bytes than the batch's header or its length asks for.
    case truncated(needed: Int, available: Int)
    /// A length that no batch can have, or that is not the one of the bytes given.
    case invalidLength(Int)
    /// A format other than version 2.
    case unsupportedMagic(Int8)
    /// The bytes are not those that were summed.
    case checksumMismatch(stored: UInt32, computed: UInt32)
    /// A codec number without a codec.
    case unknownCodec(UInt8)
    case compression(CompressionError)
    /// A count that is negative, more than the bytes can hold, or, when validated, zero.
    case invalidCount(Int32)
    /// The last offset and the count of records contradict each other.
    case invalidLastOffsetDelta(Int32, count: Int32)
    /// A record that does not count on from the one before it.
    case invalidOffsetDelta(Int32, index: Int)
    /// A record that does not say what it should; the position counts from the first (decompressed) record.
    case malformedRecord(index: Int, WireError)
    /// Bytes behind the last record.
    case trailingBytes(Int)

    public var description: String {
        switch self {
        case .truncated(let needed, let available):
            "record batch truncated: \(needed) bytes needed, \(available) there"
        case .invalidLength(let length): "record batch with invalid length \(length)"
        case .unsupportedMagic(let magic): "record batch of format \(magic); only format 2 is supported"
        case .checksumMismatch(let stored, let computed):
            "record batch damaged: its CRC-32C is \(computed), its header says \(stored)"
        case .unknownCodec(let codec): "record batch with unknown codec \(codec)"
        case .compression(let error): "record batch that does not decompress: \(error)"
        case .invalidCount(let count): "record batch with invalid count of records \(count)"
        case .invalidLastOffsetDelta(let delta, let count):
            "record batch with last offset delta \(delta), but \(count) records"
        case .invalidOffsetDelta(let delta, let index): "record \(index) of a batch has offset delta \(delta)"
        case .malformedRecord(let index, let error): "record \(index) of a batch: \(error)"
        case .trailingBytes(let count): "record batch with \(count) bytes behind its last record"
        }
    }
}
