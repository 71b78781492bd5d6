import NIOCore
import Testing

@testable import DevBroker

@Suite struct FrameReaderTests {
    private let frames: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 300), [9]]
    private var stream: [UInt8] { frames.flatMap { big(Int32($0.count)) + $0 } }

    private func read(_ reader: inout FrameReader) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        while let frame = try reader.next() { frames.append(Array(buffer: frame)) }
        return frames
    }

    @Test(arguments: 1...320) func requestsAreFoundWhateverThePieces(size: Int) throws {
        var reader = FrameReader()
        var found: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            reader.append(ByteBuffer(bytes: stream[start..<min(start + size, stream.count)]))
            found += try read(&reader)
        }
        #expect(found == frames)
        #expect(!reader.hasUnread)
    }

    @Test func piecesMayWaitUntilSomebodyAsks() throws {
        var reader = FrameReader()
        for byte in stream { reader.append(ByteBuffer(bytes: [byte])) }
        #expect(reader.hasBacklog)
        #expect(try read(&reader) == frames)
    }

    @Test func aRequestThatIsKeptDoesNotChange() throws {
        var reader = FrameReader()
        var kept: [ByteBuffer] = []
        for byte in stream {
            reader.append(ByteBuffer(bytes: [byte]))
            while let frame = try reader.next() { kept.append(frame) }
        }
        #expect(kept.map { Array(buffer: $0) } == frames)
    }

    @Test func theBeginningOfARequestIsUnread() throws {
        var reader = FrameReader()
        reader.append(ByteBuffer(bytes: [0, 0, 0, 2, 1]))
        #expect(try reader.next() == nil)
        #expect(reader.hasUnread)
        #expect(!reader.hasBacklog)
    }

    @Test(arguments: [
        ([0x00, 0x00, 0x00, 0x11], "17 bytes"),
        ([0xff, 0xff, 0xff, 0xff], "-1 bytes"),
        ([0x80, 0x00, 0x00, 0x00], "bytes"),
        (Array("GET ".utf8), "does not speak Kafka: it begins with 'GET '"),
        ([0x16, 0x03, 0x01, 0x02], "TLS"),
    ])
    func sizesThatCannotBeAreFaults(start: [UInt8], fault: String) {
        for split in 0...start.count {
            var reader = FrameReader(maxSize: 16)
            reader.append(ByteBuffer(bytes: start[..<split]))
            if split < start.count { reader.append(ByteBuffer(bytes: start[split...])) }
            #expect { try read(&reader) } throws: { "\($0)".contains(fault) }
        }
    }
}
