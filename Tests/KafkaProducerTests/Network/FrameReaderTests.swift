import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct FrameReaderTests {
    let bytes: [UInt8] = [0, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 5, 5, 6, 7, 8, 9]
    let frames: [[UInt8]] = [[1, 2, 3, 4], [5, 6, 7, 8, 9]]

    @Test func framesAreFoundWhereverTheStreamIsCut() throws {
        for cut in 0...bytes.count {
            var reader = FrameReader()
            reader.append(ByteBuffer(bytes: bytes[..<cut]))
            var found = try allFrames(&reader)
            reader.append(ByteBuffer(bytes: bytes[cut...]))
            found += try allFrames(&reader)
            #expect(found == frames, "cut at \(cut)")
        }
    }

    @Test func framesAreFoundByteByByte() throws {
        var reader = FrameReader()
        var found: [[UInt8]] = []
        for byte in bytes {
            reader.append(ByteBuffer(bytes: [byte]))
            found += try allFrames(&reader)
        }
        #expect(found == frames)
    }

    @Test(arguments: [
        [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0, 0, 0, 3], [0x10, 0, 0, 1], [0x7f, 0xff, 0xff, 0xff],
    ])
    func aLengthThatCannotBeIsRefused(length: [UInt8]) {
        let error = refusal(of: length)
        #expect(error?.kind == .malformed)
        #expect(error?.message.contains("does not speak Kafka's protocol") == true)
    }

    @Test func whatSpeaksAnotherProtocolIsNamed() {
        #expect(refusal(of: Array("HTTP/1.1 400 Bad Request".utf8))?.message.contains("speaks HTTP") == true)
        #expect(
            refusal(of: [0x15, 3, 3, 0, 2])?.message.contains("speaks TLS (set security.protocol=SSL or SASL_SSL)")
                == true)
        #expect(refusal(of: Array("SSH-2.0".utf8))?.message.contains("speaks SSH") == true)
    }

    private func refusal(of bytes: [UInt8]) -> KafkaError? {
        var reader = FrameReader()
        reader.append(ByteBuffer(bytes: bytes))
        return #expect(throws: KafkaError.self) { try reader.next() }
    }

    private func allFrames(_ reader: inout FrameReader) throws(KafkaError) -> [[UInt8]] {
        var found: [[UInt8]] = []
        while let frame = try reader.next() { found.append(Array(frame.readableBytesView)) }
        return found
    }
}
