import DevBroker
import TestSupport
import Testing

@testable import KafkaProducer

/// Our producer and reader, and a broker that speaks TLS.
@Suite struct TLSTests {
    @Test("8.20 Records go over TLS, in each version", arguments: ["TLSv1.2", "TLSv1.3", "TLSv1.2,TLSv1.3"])
    func recordsGoOverTLS(versions: String) async throws {
        let broker = try Broker.encrypted()
        let configuration = try ProducerConfiguration.encrypted(
            broker.broker.bootstrapServers, ["ssl.enabled.protocols": versions])
        try await roundTrip(configuration, broker)
    }

    @Test("8.20 Each version of the broker's is spoken", arguments: DevBrokerConfiguration.TLS.Version.allCases)
    func eachVersionOfTheBrokersIsSpoken(version: DevBrokerConfiguration.TLS.Version) async throws {
        let broker = try Broker.encrypted(versions: version...version)
        try await ProducerConfiguration.encrypted(broker.broker.bootstrapServers).connect()
    }

    @Test("8.22 A certificate is good for the name and the address", arguments: ["localhost", "127.0.0.1"])
    func aCertificateIsGoodForTheNameAndTheAddress(host: String) async throws {
        let broker = try Broker.encrypted()
        try await ProducerConfiguration.encrypted(broker.server(host)).connect()
    }

    @Test("8.22 Certificates that are trusted may stand in the configuration itself")
    func certificatesMayStandInTheConfiguration() async throws {
        let broker = try Broker.encrypted()
        let files = try TLSFiles.shared()
        // On one line, as a .properties file may have it.
        let text = try files.text(files.certificate("ca")).split(separator: "\n").joined(separator: " ")
        var configuration = try ProducerConfiguration.encrypted(broker.broker.bootstrapServers)
        configuration.security.tls.truststoreLocation = nil
        try configuration.set("ssl.truststore.certificates", text)
        try await configuration.connect()
    }

    @Test("8.23 Any name will do where nobody looks at it")
    func anyNameWillDoWhereNobodyLooksAtIt() async throws {
        let broker = try Broker.encrypted("misnamed")
        try await ProducerConfiguration.encrypted(
            broker.broker.bootstrapServers, ["ssl.endpoint.identification.algorithm": ""]
        ).connect()
    }

    @Test(
        "8.24 A broker that asks for a certificate is shown it",
        arguments: [ClientAuthentication.requested, .required], ["TLSv1.2", "TLSv1.3"])
    func aBrokerThatAsksIsShownACertificate(_ authentication: ClientAuthentication, version: String) async throws {
        let files = try TLSFiles.shared()
        let broker = try Broker.encrypted(clients: authentication)
        for keys in [
            ["ssl.keystore.location": files.keystore("client")],
            [
                "ssl.keystore.location": files.keystore("client", isEncrypted: true),
                "ssl.key.password": TLSFiles.password,
            ],
            [
                "ssl.keystore.certificate.chain": try files.text(files.certificate("client")),
                "ssl.keystore.key": try files.text(files.key("client")),
            ],
            [
                "ssl.keystore.certificate.chain": try files.text(files.certificate("client")),
                "ssl.keystore.key": try files.text(files.encryptedKey("client")),
                "ssl.key.password": TLSFiles.password,
            ],
        ] {
            let keys = keys.merging(["ssl.enabled.protocols": version]) { $1 }
            try await ProducerConfiguration.encrypted(broker.broker.bootstrapServers, keys).connect()
        }
    }

    typealias ClientAuthentication = DevBrokerConfiguration.TLS.ClientAuthentication

    @Test func aBrokerThatOnlyAsksTakesClientsWithoutACertificate() async throws {
        let broker = try Broker.encrypted(clients: .requested)
        try await ProducerConfiguration.encrypted(broker.broker.bootstrapServers).connect()
    }

    /// Some larger than a record of TLS, many in one request, without waiting for one another.
    @Test(arguments: ["all", "0"]) func recordsOfAllSizesArriveWholeAndInOrder(acks: String) throws {
        let broker = try Broker.encrypted()
        let producer = try Producer<String, String>(
            .encrypted(broker.broker.bootstrapServers, ["acks": acks, "enable.idempotence": "\(acks == "all")"]))
        let values = (0..<2000).map { String(repeating: "\($0 % 10)", count: $0 % 100 == 0 ? 100_000 : $0) }
        let futures = try values.map { try producer.send(ProducerRecord(topic: "t", partition: 0, value: $0)) }
        for future in futures { _ = try future.get() }
        try producer.settleSends()
        #expect(producer.core.availableMemory == producer.core.configuration.bufferMemory)
        // An answer on the same connection comes after what was sent without one.
        _ = try producer.partitions(of: "other")
        #expect(try broker.texts("t").map(\.value) == values)
        try producer.close()
    }

    private func roundTrip(_ configuration: ProducerConfiguration, _ broker: Broker) async throws {
        let producer = try Producer<String, String>(configuration)
        let values = (0..<100).map { "value \($0)" }
        for value in values {
            try producer.send(ProducerRecord(topic: "t", partition: 1, value: value), onCompletion: nil)
        }
        await producer.close()
        #expect(try broker.texts("t", partition: 1).map(\.value) == values)
        let reader = TopicReader(configuration, topic: "t", partitions: [1])
        var read: [String] = []
        while read.count < values.count {
            read += try await reader.poll().map { String(decoding: $0.value ?? [], as: UTF8.self) }
        }
        await reader.close()
        #expect(read == values)
    }
}
