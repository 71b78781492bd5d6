import KafkaWire
import TestSupport
import Testing

@testable import DevBroker

@Suite struct ConnectionTests {
    @Test(arguments: [
        (Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), "does not speak Kafka"),
        ([0x16, 0x03, 0x01, 0x00, 0xa5, 0x01], "speaks TLS"),
        ([0x7f, 0xff, 0xff, 0xff], "2147483647 bytes"),
        ([0xff, 0xff, 0xff, 0xff], "-1 bytes"),
        ([0, 0, 0, 3, 0, 0, 0], "header cannot be read"),
        ([0, 0, 0, 10, 0, 99, 0, 0, 0, 0, 0, 1, 0xff, 0xff], "request 99 is not spoken"),
        ([0, 0, 0, 10, 0, 0, 0, 99, 0, 0, 0, 1, 0xff, 0xff, 0], "cannot be read"),
        ([0, 0, 0, 10, 0, 0, 0, 2, 0, 0, 0, 1, 0xff, 0xff], "version 2 of produce is not spoken"),
        ([0, 0, 0, 11, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0x7f], "metadata version 1 cannot be read"),
    ])
    func whatIsNoRequestClosesTheConnection(bytes: [UInt8], reason: String) async throws {
        let lines = CapturedLog.Lines()
        try await withBroker {
            $0.logger = CapturedLog.logger(lines)
        } _: { broker in
            let connection = try broker.connect()
            try connection.send(bytes)
            connection.finishSending()
            #expect(try connection.isClosed())
            #expect(try broker.connect().ask(MetadataRequest(), version: 9).brokers.count == 1)
        }
        #expect(lines.contains(reason))
    }

    @Test func aRequestThatEndsTooEarlyIsLogged() async throws {
        let lines = CapturedLog.Lines()
        try await withBroker {
            $0.logger = CapturedLog.logger(lines)
        } _: { broker in
            let connection = try broker.connect()
            try connection.send(Array(connection.frame(MetadataRequest(), version: 9).dropLast()))
            connection.finishSending()
            #expect(try connection.isClosed())
        }
        #expect(lines.contains("in the middle of a request"))
    }

    @Test func requestsThatComeTogetherAreAnsweredInOrder() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            let connection = try broker.connect()
            let bytes = try TestBatch("a").bytes
            let request = connection.produceRequest(count: bytes.count, "orders")
            let frames = try (0..<200).flatMap { _ in try connection.frame(request, version: 9, gaps: [bytes]) }
            try connection.send(frames)
            for index in 0..<200 {
                let (correlationId, response, _) = try connection.answer(to: ProduceRequest.self, version: 9)
                #expect(correlationId == Int32(index + 1))
                #expect(response.responses.first?.partitionResponses.map(\.baseOffset) == [Int64(index)])
            }
        }
    }

    @Test func bytesBehindABodyArePassedOver() async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            let frame = try connection.frame(MetadataRequest { $0.topics = nil }, version: 13)
            try connection.send(big(Int32(frame.count - 4 + 3)) + frame[4...] + [1, 2, 3])
            #expect(try connection.answer(to: MetadataRequest.self, version: 13).response.brokers.count == 1)
        }
    }

    @Test func aRequestMayComeByteByByte() async throws {
        try await withBroker { broker in
            let connection = try broker.connect()
            for byte in try connection.frame(MetadataRequest(), version: 9) { try connection.send([byte]) }
            #expect(try connection.answer(to: MetadataRequest.self, version: 9).correlationId == 1)
        }
    }

    @Test func damagedRequestsEndNothingButTheirConnection() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders")
            var generator = SeededGenerator(seed: 11)
            let template = try broker.connect()
            let bytes = try TestBatch(producer: 1, sequence: 0, count: 3).bytes
            let produce = try template.frame(
                template.produceRequest(count: bytes.count, "orders"), version: 9, gaps: [bytes])
            for _ in 0..<300 {
                var damaged = produce
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    damaged[.random(in: 4..<damaged.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                let connection = try broker.connect()
                try connection.send(damaged)
                connection.finishSending()
                while try !connection.receive(1024).isEmpty {}
            }
            #expect(try broker.connect().ask(MetadataRequest(), version: 9).brokers.count == 1)
        }
    }
}
