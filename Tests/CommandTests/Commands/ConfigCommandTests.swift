import Foundation
import KafkaProducer
import Testing

@testable import kafka_lua

@Suite struct ConfigCommandTests {
    private func listing(_ filter: String?, _ keys: [String: String] = [:]) throws -> ConfigListing {
        var configuration = ProducerConfiguration()
        for (key, value) in keys { try configuration.set(key, value) }
        return ConfigListing(keys: try ConfigCommand.keys(filter), configuration: configuration)
    }

    @Test(arguments: ConfigOutput.allCases) func everyKeyIsListed(output: ConfigOutput) throws {
        let text = try listing(nil).text(output)
        for key in ConfigurationKey.all {
            #expect(text.contains(key.name))
            #expect(text.contains(output == .json ? JSONText.quoted(key.documentation) : key.documentation))
        }
    }

    @Test(arguments: ConfigOutput.allCases) func secretsAreHidden(output: ConfigOutput) throws {
        let text = try listing("sasl", ["sasl.password": "hunter2", "sasl.username": "alice"]).text(output)
        #expect(!text.contains("hunter2"))
        // The article shows the defaults alone.
        #expect(text.contains("***") == (output != .markdown))
        #expect(text.contains("alice") == (output != .markdown))
    }

    @Test func theArticleIsWrittenFromTheTable() throws {
        let path = URL(filePath: #filePath).appending(
            path: "../../../../Sources/KafkaProducer/KafkaProducer.docc/Configuration.md")
        let article = try String(contentsOf: path.standardized, encoding: .utf8)
        #expect(
            try listing(nil).text(.markdown) == article,
            "kafka-lua config -o markdown > Sources/KafkaProducer/KafkaProducer.docc/Configuration.md")
    }

    @Test func aKeyIsShownWithAllThatIsKnownOfIt() throws {
        #expect(
            try listing("acks", ["acks": "1"]).text(.table) == """
                acks
                How many replicas must have a batch before it counts as sent.

                  string; one of all, 0, 1; default all
                  set to 1
                  Idempotence needs acks=all and retries; where it was not asked for, it is off without them.

                """)
    }

    @Test func keysAreGroupedWithTheValuesThatWereGiven() throws {
        #expect(
            try listing("max.ms", ["retry.backoff.max.ms": "7"]).text(.table) == """
                network
                  reconnect.backoff.max.ms  (long, ms; 0 or more; default 1000)
                      The longest such pause.
                  retry.backoff.max.ms=7  (long, ms; 0 or more; default 1000)
                      The longest such pause.
                  socket.connection.setup.timeout.max.ms  (long, ms; 1 or more; default 30000)
                      How long any attempt to connect may take.

                """)
    }

    @Test func theListingIsAPropertiesFile() throws {
        let text = try listing(nil, ["linger.ms": "20", "client.id": "Zoë", "sasl.password": "x"]).text(.properties)
        let properties = try PropertiesFile(parsing: text).properties
        #expect(properties.map(\.key) == ["client.id", "linger.ms"])
        #expect(properties.map(\.value) == ["Zoë", "20"])
        #expect(text.contains("\n#acks=all\n"))
    }

    @Test(arguments: [
        ("queue.buffering.max.ms", "librdkafka's name for 'linger.ms'"), ("liger.ms", "did you mean 'linger.ms'?"),
        ("group.id", "a key of consumers"),
    ])
    func aKeyThatIsNotHereNamesTheOneThatIsMeant(filter: String, message: String) {
        let failure = #expect(throws: Failure.self) { try ConfigCommand.keys(filter) }
        #expect(failure?.message.contains(message) == true)
        #expect(failure?.exitCode == 2)
    }

    @Test func allMistakesAreNamedWithTheirLines() throws {
        var configuration = ClientConfiguration()
        try configuration.add(file: Array("acks=7\n\nliner.ms=5\nretries=3\n".utf8), path: "client.properties")
        try configuration.add(assignment: "batch.size=many")
        let failure = #expect(throws: Failure.self) { try configuration.producerConfiguration() }
        #expect(
            failure?.message == """
                client.properties:1: acks=7: must be one of all, 0, 1
                client.properties:3: unknown key 'liner.ms'; did you mean 'linger.ms'?
                batch.size=many: must be a whole number
                """)
        #expect(failure?.exitCode == 2)
    }

    @Test func keysThatDoNotGoTogetherAreRefusedBeforeAnythingStarts() throws {
        var configuration = ClientConfiguration()
        try configuration.add(assignment: "delivery.timeout.ms=1")
        let failure = #expect(throws: Failure.self) { try configuration.producerConfiguration() }
        #expect(failure?.message.hasPrefix("delivery.timeout.ms=1 must be at least") == true)
    }

    @Test func textIsSerializedByName() throws {
        #expect(try NamedSerializer.int16.bytes(ofText: Array("-2".utf8)) == [0xff, 0xfe])
        #expect(try NamedSerializer.bool.bytes(ofText: Array("true".utf8)) == [1])
        #expect(try NamedSerializer.bytes.bytes(ofText: [0xff]) == [0xff])
        for (serializer, text) in [(NamedSerializer.int16, "32768"), (.uuid, "x"), (.void, ""), (.list(.int16), "1")] {
            #expect(throws: Failure.self) { try serializer.bytes(ofText: Array(text.utf8)) }
        }
    }
}
