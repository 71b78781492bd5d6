import KafkaWire
import NIOCore
import TestSupport
import Testing

@testable import KafkaProducer

@Suite struct VersionNegotiationTests {
    @Test func theRangesInCommonAreAgreedOn() throws {
        let response = ApiVersionsResponse {
            $0.apiKeys = [range(.produce, 0...9)]
            $0.throttleTimeMs = 70
        }
        let expected = VersionNegotiation.agreed(NegotiatedVersions(response), throttleTimeMs: 70)
        #expect(try outcome(response, bodyVersion: 4, asked: 4) == expected)
    }

    @Test(arguments: [(Int16(4), Int16(3), Int16(3)), (4, 0, 0), (3, 2, 2), (2, 1, 1)])
    func theHighestVersionThatARefusalNamesIsAskedNext(asked: Int16, named: Int16, expected: Int16) throws {
        let refusal = ApiVersionsResponse {
            $0.errorCode = .unsupportedVersion
            $0.apiKeys = [range(.produce, 0...9), range(.apiVersions, 0...named)]
        }
        #expect(try outcome(refusal, bodyVersion: 0, asked: asked) == .askAgain(version: expected))
    }

    @Test(arguments: [(Int16(4), Int16(2)), (3, 2), (2, 0), (1, 0)])
    func aRefusalThatSaysNothingCountsAllTheSame(asked: Int16, expected: Int16) throws {
        #expect(try outcome([0, 35], asked: asked) == .askAgain(version: expected))
        #expect(try outcome([0, 35, 0xff, 0xff, 0xff, 0xff, 1], asked: asked) == .askAgain(version: expected))
    }

    @Test func aRefusalOfTheLowestVersionIsTheEnd() throws {
        #expect(try outcome([0, 35], asked: 0) == .refused(.unsupportedVersion))
    }

    @Test func aBrokerThatNamesWhatItRefusedIsNotAskedThatAgain() throws {
        let refusal = ApiVersionsResponse {
            $0.errorCode = .unsupportedVersion
            $0.apiKeys = [range(.apiVersions, 0...9)]
        }
        #expect(try outcome(refusal, bodyVersion: 0, asked: 4) == .askAgain(version: 2))
    }

    @Test func anotherErrorIsARefusal() throws {
        let refusal = ApiVersionsResponse { $0.errorCode = .rebootstrapRequired }
        #expect(try outcome(refusal, bodyVersion: 4, asked: 4) == .refused(.rebootstrapRequired))
    }

    @Test func whateverIsAnsweredThereIsAnOutcomeOrAnError() throws {
        let response = ApiVersionsResponse { $0.apiKeys = APIKey.allCases.map { range($0, 0...9) } }
        let bytes = try response.encode(version: 4).bytes
        for count in bytes.indices {
            _ = try? outcome(Array(bytes[..<count]), asked: 4)
        }
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            var mutated = bytes
            mutated[Int.random(in: mutated.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            guard case .agreed(let versions, _)? = try? outcome(mutated, asked: 4) else { continue }
            for api in APIKey.allCases {
                let version = try? versions.version(of: api, broker: BrokerAddress(host: "b", port: 1))
                #expect(version.map { api.versions.contains($0) } ?? true)
            }
        }
    }

    private func outcome(
        _ response: ApiVersionsResponse, bodyVersion: Int16, asked: Int16
    ) throws -> VersionNegotiation {
        try outcome(response.encode(version: bodyVersion).bytes, asked: asked)
    }

    private func outcome(_ bytes: [UInt8], asked: Int16) throws -> VersionNegotiation {
        try VersionNegotiation.outcome(of: ByteBuffer(bytes: bytes), version: asked)
    }

    private func range(_ api: APIKey, _ versions: ClosedRange<Int16>) -> ApiVersionsResponse.SupportedVersions {
        .init {
            $0.apiKey = api.rawValue
            $0.minVersion = versions.lowerBound
            $0.maxVersion = versions.upperBound
        }
    }
}
