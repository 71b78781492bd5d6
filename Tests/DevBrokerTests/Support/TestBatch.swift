import KafkaWire

/// A record batch made by hand, so that each of its fields can be wrong.
struct TestBatch {
    var values: [String]
    var key: String?
    /// Of the first record; each of the others is 1 ms later.
    var timestamp: Int64 = 1_700_000_000_000
    var producerId: Int64 = -1
    var epoch: Int16 = -1
    var sequence: Int32 = -1
    var codec = Compression.none
    /// Bits of the attributes beyond the codec's.
    var flags: Int16 = 0
    var baseOffset: Int64 = 0
    var magic: Int8 = 2
    var recordsCount: Int32?
    var lastOffsetDelta: Int32?
    /// Added to each record's offset delta.
    var offsetDeltaError: Int32 = 0
    var checksumError: UInt32 = 0
    var lengthError: Int32 = 0

    init(_ values: String...) { self.values = values }

    init(_ values: [String]) { self.values = values }

    /// A batch of an idempotent producer, whose values are its sequences.
    init(producer: Int64, epoch: Int16 = 0, sequence: Int32, count: Int = 1) {
        values = (0..<count).map { "\(sequence &+ Int32($0))" }
        producerId = producer
        self.epoch = epoch
        self.sequence = sequence
    }

    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    /// The batch in wire format.
    var bytes: [UInt8] {
        get throws {
            var records: [UInt8] = []
            for (index, value) in values.enumerated() {
                let record = record(index, value)
                records += varint(Int64(record.count)) + record
            }
            if codec != .none {
                var compressor = try Compressor(codec)
                records = try compressor.compress(records.span.bytes)
            }
            let count = Int32(values.count)
            let summed =
                big(Int16(codec.rawValue) | flags) + big(lastOffsetDelta ?? count - 1) + big(timestamp)
                + big(timestamp + Int64(count) - 1) + big(producerId) + big(epoch) + big(sequence)
                + big(recordsCount ?? count) + records
            let checksum = CRC32C.checksum(summed.span.bytes) ^ checksumError
            return big(baseOffset) + big(Int32(summed.count + 9) + lengthError) + big(Int32(-1)) + big(magic)
                + big(checksum) + summed
        }
    }

    private func record(_ index: Int, _ value: String) -> [UInt8] {
        [0] + varint(Int64(index)) + varint(Int64(Int32(index) + offsetDeltaError)) + text(key) + text(value)
            + varint(0)
    }

    private func text(_ text: String?) -> [UInt8] {
        guard let text else { return varint(-1) }
        return varint(Int64(text.utf8.count)) + Array(text.utf8)
    }

    private func varint(_ value: Int64) -> [UInt8] {
        var rest = Varint.zigzag(value)
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}

/// A number as the network has it.
func big(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
}
