import KafkaWire
import TestSupport
import Testing

/// Bytes that no honest peer would send: an error, never a trap, and no more memory than the bytes deserve.
@Suite struct HostileBytesTests {
    @Test func aBodyCutShortAnywhereIsRefused() throws {
        for vector in WireVector.all {
            let codec = try #require(MessageCodec.all[vector.message])
            for count in vector.bytes.indices {
                #expect(throws: WireError.self, "\(vector.testDescription) cut at \(count)") {
                    _ = try codec.decode(Array(vector.bytes.prefix(count)), vector.version)
                }
            }
        }
    }

    @Test func aByteTooManyIsRefused() throws {
        for vector in WireVector.all {
            let codec = try #require(MessageCodec.all[vector.message])
            let error = #expect(throws: WireError.self) {
                _ = try codec.decode(vector.bytes + [0], vector.version)
            }
            #expect(error == WireError(.trailingBytes(1), at: vector.bytes.count))
        }
    }

    /// What is accepted of a damaged body can be written again, in no more bytes, and then stays as it is.
    @Test func damagedBodiesAreRefusedOrReadable() throws {
        var generator = SeededGenerator(seed: 0x6b61_666b_61)
        var (accepted, refused) = (0, 0)
        for _ in 0..<20_000 {
            let vector = try #require(WireVector.all.randomElement(using: &generator))
            let codec = try #require(MessageCodec.all[vector.message])
            let body = vector.bytes.damaged(using: &generator)
            guard let value = try? codec.decode(body, vector.version) else {
                refused += 1
                continue
            }
            accepted += 1
            let writer = try codec.encode(value, version: vector.version)
            #expect(writer.totalCount <= body.count)
            let whole = writer.filled { [UInt8](repeating: 0, count: $0) }
            let again = try codec.decode(whole, vector.version)
            #expect(try codec.encode(again, version: vector.version).bytes == writer.bytes)
        }
        #expect(accepted > 1000 && refused > 1000)
    }

    @Test(arguments: [Int16(1), 9])
    func aLengthBeyondTheBytesIsRefusedBeforeMemoryIsTaken(version: Int16) throws {
        let length: [UInt8] = version >= 9 ? [0xff, 0xff, 0xff, 0xff, 0x0f] : [0x7f, 0xff, 0xff, 0xff]
        let needed = version >= 9 ? Int(UInt32.max) - 1 : Int(Int32.max)
        let body = length + [0, 0, 0]
        let error = #expect(throws: WireError.self) {
            _ = try MetadataRequest.decode(body.span.bytes, version: version)
        }
        #expect(error == WireError(.truncated(needed: needed, available: 3), at: length.count))
    }

    @Test func aNegativeLengthBelowNullIsRefused() {
        let body: [UInt8] = [0xff, 0xff, 0xff, 0xfe]
        let error = #expect(throws: WireError.self) { _ = try MetadataRequest.decode(body.span.bytes, version: 1) }
        #expect(error?.reason == .invalidLength(-2))
    }

    @Test func nullIsRefusedWhereTheVersionDoesNotAllowIt() throws {
        let body: [UInt8] = [0xff, 0xff, 0xff, 0xff]
        #expect(try MetadataRequest.decode(body.span.bytes, version: 1).topics == nil)
        let error = #expect(throws: WireError.self) { _ = try MetadataRequest.decode(body.span.bytes, version: 0) }
        #expect(error?.reason == .nullNotAllowed)
        #expect(throws: WireError.self) { _ = try MetadataRequest { $0.topics = nil }.encode(version: 0) }
    }

    @Test func aStringThatIsNotUTF8IsRefused() {
        let body: [UInt8] = [0, 2, 0xc3, 0x28]
        let error = #expect(throws: WireError.self) { _ = try SaslHandshakeRequest.decode(body.span.bytes, version: 1) }
        #expect(error == WireError(.invalidUTF8, at: 2))
    }

    @Test func aStringThatIsTooLongIsNotWritten() {
        let request = SaslHandshakeRequest { $0.mechanism = String(repeating: "x", count: 32_768) }
        let error = #expect(throws: WireError.self) { _ = try request.encode(version: 1) }
        #expect(error?.reason == .invalidLength(32_768))
    }

    @Test func anUnknownVersionIsRefusedBothWays() {
        let expected = WireError(.unsupportedVersion(14), at: 0)
        #expect(throws: expected) { _ = try ProduceRequest.decode([UInt8]().span.bytes, version: 14) }
        #expect(throws: expected) { _ = try ProduceRequest().encode(version: 14) }
    }
}

extension [UInt8] {
    /// The bytes with one to four places changed, added or taken away.
    fileprivate func damaged(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            // The edges of lengths and varints do more harm than other bytes.
            let harmful: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: .min ... .max, using: &generator)]
            let byte = harmful[Int.random(in: harmful.indices, using: &generator)]
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: bytes.insert(byte, at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case _ where place < bytes.count: bytes[place] = byte
            default: break
            }
        }
        return bytes
    }
}
