import DequeModule
import KafkaWire
import NIOCore

@testable import KafkaProducer

/// A connection to a broker of a `ScriptedCluster`.
final class ScriptedClusterLink: BrokerLink, @unchecked Sendable {
    let address: BrokerAddress
    let versions: NegotiatedVersions
    var onClose: ((KafkaError) -> Void)?
    private(set) var closedBecause: KafkaError?
    private var waiting: [Int: Completion] = [:]
    private var sentCount = 0
    private let cluster: ScriptedCluster
    private let eventLoop: any EventLoop

    init(_ address: BrokerAddress, cluster: ScriptedCluster, eventLoop: any EventLoop) {
        self.address = address
        self.cluster = cluster
        self.eventLoop = eventLoop
        versions = NegotiatedVersions(
            ApiVersionsResponse {
                $0.apiKeys = APIKey.allCases.map { api in
                    .init {
                        $0.apiKey = api.rawValue
                        $0.minVersion = api.versions.lowerBound
                        $0.maxVersion = api.versions.upperBound
                    }
                }
            })
    }

    var inFlightCount: Int { waiting.count }

    func send(
        _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
        timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
    ) {
        let bytes = Self.bytes(body, payloads)
        written?()
        if let closedBecause { return completion(.failure(closedBecause)) }
        let number = sentCount
        sentCount += 1
        waiting[number] = completion
        let answer = try? cluster.answer(api, version, bytes, at: address.host)
        guard answer != nil || !expectsAnswer else { return }
        cluster.later(address.host, on: eventLoop) { [self] in
            waiting.removeValue(forKey: number)?(.success(ByteBuffer(bytes: answer?.bytes ?? [])))
        }
    }

    private static func bytes(_ body: WireWriter, _ payloads: [ByteBuffer]) -> [UInt8] {
        var (bytes, position): ([UInt8], Int) = ([], 0)
        for (gap, payload) in zip(body.gaps, payloads) {
            bytes += body.bytes[position..<gap.offset] + Array(payload.readableBytesView)
            position = gap.offset
        }
        return bytes + body.bytes[position...]
    }

    func close(_ error: KafkaError) {
        guard closedBecause == nil else { return }
        closedBecause = error
        onClose?(error)
        onClose = nil
        let abandoned = waiting.sorted { $0.key < $1.key }
        waiting = [:]
        for (_, completion) in abandoned { completion(.failure(error)) }
    }
}
