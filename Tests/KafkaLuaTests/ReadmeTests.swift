import KafkaProducer
import Logging
import Testing

/// The README's Lua does what the README says.
@Suite struct ReadmeTests {
    /// The blocks of code in one language, in order.
    private func blocks(_ language: String) throws -> [String] {
        let parts = try Example(file: "README.md").text.split(separator: "```", omittingEmptySubsequences: false)
        // Text and blocks take turns; a block begins with its language.
        return stride(from: 1, to: parts.count, by: 2).compactMap { index in
            let lines = parts[index].split(separator: "\n", omittingEmptySubsequences: false)
            return lines.first.map(String.init) == language ? lines.dropFirst().joined(separator: "\n") : nil
        }
    }

    @Test func theScriptSendsInThreeWays() async throws {
        let broker = try await TestBroker()
        let script = try #require(try blocks("lua").first)
        let transcript = try await ScriptRunner(broker).run(script)
        #expect(transcript.error == nil)
        #expect(transcript.reports == [])
        let records = try await broker.records(of: "orders")
        #expect(Set(records.map(\.valueText)) == ["fire and forget", "sync", #"{"id":7}"#])
        #expect(transcript.output.count == 2)
        #expect(transcript.output.last?.hasPrefix("orders\t") == true)
    }

    @Test func theTransferIsCommittedWithItsOffsets() async throws {
        let broker = try await TestBroker(partitions: 1)
        let script = try #require(try blocks("lua").first { $0.contains("transaction") })
        let before = try await ScriptRunner(broker).run(#"assert(send("orders", "k", "v"))"#)
        let transcript = try await ScriptRunner(broker).run(script)
        #expect(before.error == nil && transcript.error == nil)
        #expect(try broker.committed("transfers") == ["-70", "+70"])
        #expect(broker.committedOffset(ofGroup: "billing", topic: "orders", partition: 0) == 42)
    }

    @Test func rowsAreSentAndALoadIsMeasured() async throws {
        let broker = try await TestBroker(partitions: 1)
        let files = try TemporaryScripts()
        let rows = try files.write("id,name\n7,Banana\n", to: "products.csv")
        let script = try #require(try blocks("lua").first { $0.contains("kafka.rate") })
        let transcript = try await ScriptRunner(broker).run(script, arguments: [rows])
        #expect(transcript.error == nil)
        #expect(transcript.reports == [])
        #expect(transcript.output.last?.hasPrefix("500 records, p99 ") == true)
        #expect(try await broker.records(of: "products").map(\.line) == [#"0:7={"id":"7","name":"Banana"}"#])
        #expect(try await broker.records(of: "load").count == 500)
    }

    @Test func theFileForASecuredClusterIsUnderstood() throws {
        let file = try PropertiesFile(parsing: try #require(try blocks("properties").first))
        let configuration = try ProducerConfiguration(properties: file.properties.map { ($0.key, $0.value) })
        #expect(configuration.security.protocol == .saslSSL)
        #expect(configuration.security.sasl.mechanism == .scramSHA512)
        _ = try configuration.validated(logger: Logger(label: "test"))
    }

    @Test func thePluginGivesBananaItsPartition() async throws {
        let broker = try await TestBroker(partitions: 4)
        let scripts = try TemporaryScripts()
        let plugin = try scripts.write(
            try #require(try blocks("lua").first { $0.contains("partition = function") }), to: "banana.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local p <close> = kafka.producer{ partitioner = ... }
            return p:send("fruit", "Banana", "1"):get().partition, p:send("fruit", "Apple", "2"):get().partition
            """, arguments: [plugin])
        #expect(transcript.error == nil)
        #expect(transcript.texts.first == "3")
        #expect(transcript.texts.last != "3")
    }
}
