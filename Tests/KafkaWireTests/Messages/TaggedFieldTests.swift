import KafkaWire
import Testing

@Suite struct TaggedFieldTests {
    /// ApiVersions 3 with nothing in it but the tagged fields given.
    private func body(tags: [UInt8]) -> [UInt8] { [0, 0, 1, 0, 0, 0, 0] + tags }

    @Test func aTagOfALaterVersionIsPassedOver() throws {
        let body = body(tags: [2, 1, 8, 0, 0, 0, 0, 0, 0, 0, 7, 99, 3, 1, 2, 3])
        let response = try ApiVersionsResponse.decode(body.span.bytes, version: 3)
        #expect(response == ApiVersionsResponse { $0.finalizedFeaturesEpoch = 7 })
    }

    @Test(arguments: [[2, 3, 1, 1, 3, 1, 1], [2, 3, 1, 1, 1, 0]] as [[UInt8]])
    func tagsTwiceOrOutOfOrderAreRefused(tags: [UInt8]) {
        let body = body(tags: tags)
        let error = #expect(throws: WireError.self) { _ = try ApiVersionsResponse.decode(body.span.bytes, version: 3) }
        #expect(error?.reason == .duplicateTag(UInt32(tags[4])))
    }

    @Test func aTagLongerOrShorterThanItsFieldIsRefused() {
        let long = body(tags: [1, 3, 2, 1, 1])
        let short = body(tags: [1, 1, 7, 0, 0, 0, 0, 0, 0, 0])
        #expect(throws: WireError(.trailingBytes(1), at: 11)) {
            _ = try ApiVersionsResponse.decode(long.span.bytes, version: 3)
        }
        #expect(throws: WireError(.truncated(needed: 8, available: 7), at: 10)) {
            _ = try ApiVersionsResponse.decode(short.span.bytes, version: 3)
        }
    }

    @Test func aFieldThatHasItsDefaultIsNotWritten() throws {
        let none = try ApiVersionsResponse().encode(version: 3).bytes
        #expect(none == body(tags: [0]))
        let one = try ApiVersionsResponse { $0.zkMigrationReady = true }.encode(version: 3).bytes
        #expect(one == body(tags: [1, 3, 1, 1]))
    }

    @Test func aTagIsNotWrittenInVersionsThatDoNotHaveIt() throws {
        let response = ProduceResponse { $0.nodeEndpoints = [NodeEndpoint()] }
        let older = try response.encode(version: 9).bytes
        #expect(try ProduceResponse.decode(older.span.bytes, version: 9) == ProduceResponse())
        let newer = try response.encode(version: 10).bytes
        #expect(try ProduceResponse.decode(newer.span.bytes, version: 10) == response)
    }
}
