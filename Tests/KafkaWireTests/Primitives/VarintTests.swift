import KafkaWire
import Testing

@Suite struct VarintTests {
    private static let signed: [(Int64, [UInt8])] = [
        (0, [0x00]), (-1, [0x01]), (1, [0x02]), (63, [0x7e]), (-64, [0x7f]), (64, [0x80, 0x01]),
        (253, [0xfa, 0x03]), (8191, [0xfe, 0x7f]), (8192, [0x80, 0x80, 0x01]),
        (Int64(Int32.max), [0xfe, 0xff, 0xff, 0xff, 0x0f]), (Int64(Int32.min), [0xff, 0xff, 0xff, 0xff, 0x0f]),
    ]
    private static let long: [(Int64, [UInt8])] = [
        (.max, [0xfe] + [UInt8](repeating: 0xff, count: 8) + [0x01]),
        (.min, [UInt8](repeating: 0xff, count: 9) + [0x01]),
    ]

    @Test(arguments: signed)
    func readsSignedIntegers(value: Int64, bytes: [UInt8]) throws {
        var reader = WireReader(bytes.span.bytes)
        #expect(try reader.varint() == value)
        #expect(reader.remaining == 0)
        #expect(Varint.size(Int32(value)) == bytes.count)
    }

    @Test(arguments: signed + long)
    func readsLongSignedIntegers(value: Int64, bytes: [UInt8]) throws {
        var reader = WireReader(bytes.span.bytes)
        #expect(try reader.varlong() == value)
        #expect(reader.remaining == 0)
        #expect(Varint.size(value) == bytes.count)
    }

    @Test(arguments: [(8192, [0x80, 0x40]), (2_147_483_647, [0xff, 0xff, 0xff, 0xff, 0x07])] as [(UInt32, [UInt8])])
    func readsAndWritesUnsignedIntegers(value: UInt32, bytes: [UInt8]) throws {
        var writer = WireWriter()
        writer.unsignedVarint(value)
        #expect(writer.bytes == bytes)
        var reader = WireReader(bytes.span.bytes)
        #expect(try reader.unsignedVarint() == value)
        #expect(Varint.size(value) == bytes.count)
    }

    @Test(arguments: signed)
    func zigzagGoesBothWays(value: Int64, bytes: [UInt8]) {
        let narrow = Int32(value)
        #expect(Varint.unzigzag(Varint.zigzag(narrow)) == narrow)
        #expect(Varint.unzigzag(Varint.zigzag(value)) == value)
        var writer = WireWriter()
        writer.unsignedVarint(Varint.zigzag(narrow))
        #expect(writer.bytes == bytes)
    }

    /// Six bytes; five bytes with more than 32 bits.
    @Test(arguments: [[0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0xff, 0xff, 0xff, 0xff, 0x10]] as [[UInt8]])
    func refusesAVarintLongerThanItsType(bytes: [UInt8]) {
        #expect(throws: WireError(.varintTooLong, at: 0)) {
            var reader = WireReader(bytes.span.bytes)
            _ = try reader.varint()
        }
    }

    /// Eleven bytes; ten bytes with more than 64 bits.
    @Test(arguments: [[0xff, 0x01], [0x02], [0x7f]] as [[UInt8]])
    func refusesAVarlongLongerThanItsType(end: [UInt8]) {
        let bytes = [UInt8](repeating: 0xff, count: 9) + end
        #expect(throws: WireError(.varintTooLong, at: 0)) {
            var reader = WireReader(bytes.span.bytes)
            _ = try reader.varlong()
        }
    }

    @Test func refusesAVarintThatEndsTooSoon() {
        let bytes: [UInt8] = [0x80, 0x80]
        #expect(throws: WireError(.truncated(needed: 1, available: 0), at: 2)) {
            var reader = WireReader(bytes.span.bytes)
            _ = try reader.varint()
        }
    }
}
