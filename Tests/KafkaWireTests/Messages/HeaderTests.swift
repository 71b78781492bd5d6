import KafkaWire
import Testing

@Suite struct HeaderTests {
    private func header(_ api: Int16, _ version: Int16) -> RequestHeader {
        RequestHeader {
            $0.requestApiKey = api
            $0.requestApiVersion = version
            $0.correlationId = 77
            $0.clientId = "me"
        }
    }

    @Test(arguments: [(3, 8, 12), (3, 9, 13), (18, 2, 12), (18, 3, 13), (17, 1, 12)] as [(Int16, Int16, Int)])
    func aRequestHeaderHasTheVersionThatItsRequestCallsFor(api: Int16, version: Int16, count: Int) throws {
        let header = header(api, version)
        let bytes = try header.encode().bytes
        #expect(bytes.count == count)
        let request = bytes + [1, 2, 3]
        let read = try RequestHeader.decode(prefixOf: request.span.bytes)
        #expect(read.header == header)
        #expect(read.count == count)
    }

    @Test func theHeaderOfAnUnknownRequestIsReadable() throws {
        let header = header(999, 5)
        let bytes = try header.encode().bytes
        #expect(try RequestHeader.decode(prefixOf: bytes.span.bytes).header == header)
    }

    @Test func aClientIdMayBeNull() throws {
        let header = RequestHeader { $0.requestApiKey = 3 }
        let bytes = try header.encode().bytes
        #expect(bytes == [0, 3, 0, 0, 0, 0, 0, 0, 0xff, 0xff])
        #expect(try RequestHeader.decode(prefixOf: bytes.span.bytes).header.clientId == nil)
    }

    @Test(arguments: [(.produce, 8, 4), (.produce, 9, 5), (.apiVersions, 4, 4)] as [(APIKey, Int16, Int)])
    func aResponseHeaderHasTheVersionThatItsRequestCallsFor(api: APIKey, version: Int16, count: Int) throws {
        let header = ResponseHeader { $0.correlationId = 77 }
        let bytes = try header.encode(to: api, apiVersion: version).bytes
        #expect(bytes.count == count)
        let read = try ResponseHeader.decode(prefixOf: bytes.span.bytes, to: api, apiVersion: version)
        #expect(read.header == header)
        #expect(read.count == count)
    }

    @Test(arguments: APIKey.allCases)
    func whatIsSpokenIsKnown(api: APIKey) {
        #expect(api.knownVersions.contains(api.versions.lowerBound))
        #expect(api.knownVersions.contains(api.versions.upperBound))
    }
}
