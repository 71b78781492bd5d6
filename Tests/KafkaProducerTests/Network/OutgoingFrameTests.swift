import KafkaWire
import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct OutgoingFrameTests {
    /// The first byte of each payload is its place.
    private func frame(payloads sizes: [Int]) throws -> (frame: OutgoingFrame, expected: [UInt8]) {
        let payloads = sizes.enumerated().map { place, size in
            ByteBuffer(bytes: [UInt8(truncatingIfNeeded: place)] + [UInt8](repeating: 0xee, count: size - 1))
        }
        let request = ProduceRequest {
            $0.topicData = [
                .init {
                    $0.topicId = KafkaUUID(high: 1, low: 2)
                    $0.partitionData = payloads.enumerated().map { place, payload in
                        .init {
                            $0.index = Int32(place)
                            $0.records = RecordsReference(count: payload.readableBytes)
                        }
                    }
                }
            ]
        }
        let body = try request.encode(version: 13)
        let head: [UInt8] = [9, 8, 7]
        var expected = head
        var position = 0
        for (gap, payload) in zip(body.gaps, payloads) {
            expected += body.bytes[position..<gap.offset] + payload.readableBytesView
            position = gap.offset
        }
        expected += body.bytes[position...]
        let length = withUnsafeBytes(of: Int32(expected.count).bigEndian) { Array($0) }
        let frame = OutgoingFrame(head: head, body: body, payloads: payloads, allocator: ByteBufferAllocator())
        return (frame, length + expected)
    }

    private func bytes(of frame: OutgoingFrame) -> [UInt8] {
        (frame.parts + [frame.rest]).flatMap { Array($0.readableBytesView) }
    }

    @Test(arguments: [
        [], [1], [4096], [4097], [100, 5000, 100], [5000, 100, 5000], [5000, 5000], [Int](repeating: 1000, count: 50),
    ])
    func bytesAreThoseOfTheRequestWithItsGapsFilled(sizes: [Int]) throws {
        let (frame, expected) = try frame(payloads: sizes)
        #expect(bytes(of: frame) == expected)
    }

    @Test func smallBatchesAreCopied() throws {
        #expect(try frame(payloads: [4096, 10]).frame.parts.isEmpty)
    }

    @Test func largeBatchesGoFromWhereTheyLie() throws {
        let sizes = try frame(payloads: [10, 4097, 10]).frame.parts.map(\.readableBytes)
        #expect(sizes.last == 4097)
        #expect(sizes.count == 2)
    }

    /// Copies do not count against `buffer.memory`.
    @Test func copiesOfOneRequestAreBounded() throws {
        let (frame, _) = try frame(payloads: [Int](repeating: 4096, count: 1000))
        #expect(frame.parts.count { $0.readableBytes == 4096 } == 1000 - 8)
    }
}
