import KafkaProducer
import LuaRuntime
import Testing

/// The scripts that ship, as written, against a broker, and what they wrote read back.
@Suite struct ExampleTests {
    private func run(
        _ name: String, on broker: TestBroker, arguments: [String] = []
    ) async throws -> ScriptTranscript {
        let example = try Example(name)
        return try await ScriptRunner(broker).run(example.text, name: "@\(example.path)", arguments: arguments)
    }

    /// Sends with a plugin in its place, by lines of Lua that find it as `plugin` and a producer as `p`.
    private func send(
        _ script: String, through plugin: String, as role: String, on broker: TestBroker
    ) async throws -> ScriptTranscript {
        let path = try Example(plugin).path
        let transcript = try await ScriptRunner(broker).run(
            """
            local plugin = ...
            local p <close> = kafka.producer{ \(role) = plugin }
            \(script)
            """, arguments: [path])
        #expect(transcript.error == nil)
        #expect(transcript.log == [])
        return transcript
    }

    @Test(arguments: [1, 2, 6]) func bananaHasTheLastPartitionToItself(partitions: Int) async throws {
        let broker = try await TestBroker(partitions: partitions)
        let transcript = try await run("banana.lua", on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.output.count == 6)
        let records = try await broker.records(of: "payments")
        let last = Int32(partitions - 1)
        #expect(
            records.filter { $0.partition == last && $0.keyText == "Banana" }.map(\.valueText)
                == ["payment 2", "payment 4", "payment 6"])
        let others = records.filter { $0.keyText != "Banana" }
        #expect(Set(others.map(\.keyText)) == ["Apple", "Cherry", "Date"])
        if partitions > 1 { #expect(others.allSatisfy { $0.partition < last }) }
    }

    @Test func bananaRefusesARecordWithoutAKeyByFileAndLine() async throws {
        let broker = try await TestBroker()
        let transcript = try await send(
            """
            local _, err = p:send{ topic = "payments", value = "whose?" }
            assert(p:send("payments", "Apple", "paid"))
            return err.name, err.message
            """, through: "banana.lua", as: "partitioner", on: broker)
        #expect(transcript.texts.first == "PARTITIONER_FAILED")
        #expect(
            transcript.texts.last?.hasSuffix("banana.lua:11: every record needs the customer's name as its key") == true
        )
        #expect(try await broker.records(of: "payments").map(\.valueText) == ["paid"])
    }

    @Test func vipsGoToPartitionZeroAndTheirCountsSurviveASwap() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let heir = try scripts.write(
            """
            local counts = { vip = 0 }
            return {
              partition = function() return counts.vip end,
              on_load = function(state, version) counts = state; assert(version == "1.0" and counts.other == 3) end,
            }
            """, to: "heir.lua")
        let transcript = try await send(
            """
            for _, key in ipairs{ "alice", "carol", "dave", "erin" } do assert(p:send("orders", key, "v " .. key)) end
            assert(p:swap("partitioner", plugin))
            assert(p:send("orders", "bob", "v bob"))
            assert(p:swap("partitioner", "\(heir)"))
            assert(p:send("orders", "anybody", "v anybody"))
            return p:generation("partitioner")
            """, through: "vip.lua", as: "partitioner", on: broker)
        #expect(transcript.texts == ["3"])
        let records = try await broker.records(of: "orders")
        let partitions = Dictionary(uniqueKeysWithValues: records.map { ($0.keyText, $0.partition) })
        #expect(partitions["alice"] == 0)
        #expect(partitions["bob"] == 0)
        // Where murmur2 of the key, as Java's producer has it, puts them.
        for key in ["carol", "dave", "erin"] {
            #expect(partitions[key] == Murmur2Partition.of(key, among: 3))
        }
        #expect(partitions["anybody"] == 2)
    }

    @Test func theTimeInMillisecondsPrefixesTheValue() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await send(
            """
            local before = kafka.now()
            assert(p:send{ topic = "orders", key = "k1", value = "hello" })
            assert(p:send{ topic = "orders", key = "k2", value = "dated", timestamp = 1700000000123 })
            assert(p:send{ topic = "orders", key = "k3", value = kafka.null })
            return before, kafka.now()
            """, through: "timestamp_prefix.lua", as: "interceptors", on: broker)
        let values = try await broker.records(of: "orders").map(\.valueText)
        let parts = try #require(values.first??.split(separator: ","))
        let time = try #require(Int64(parts[0]))
        #expect(parts[1] == "hello")
        let span = try transcript.texts.map { try #require(Int64($0)) }
        #expect(time >= span[0] && time <= span[1])
        #expect(values.dropFirst() == ["1700000000123,dated", nil])
    }

    @Test func cardNumbersAreMaskedAndMarked() async throws {
        let broker = try await TestBroker(partitions: 1)
        let scripts = try TemporaryScripts()
        let teller = try scripts.write(
            """
            return { on_send = print, on_load = function(state) error("failures: " .. state.failures) end }
            """, to: "teller.lua")
        let transcript = try await send(
            """
            assert(p:send("payments", "k1", "paid with 4111 1111 1111 1111, thank you"))
            assert(p:send("payments", "k2", "order 4111 1111 1111 1112 of 12 pieces"))
            assert(p:send{ topic = "payments", key = "k3", value = "5500-0000-0000-0004", headers = { trace = "7" } })
            assert(p:send("payments", "k4", kafka.null))
            assert(not p:send{ topic = "payments", value = ("x"):rep(2000000) })
            p:close()
            assert(p:swap("interceptor", plugin))
            return select(2, p:swap("interceptor", "\(teller)")).message
            """, through: "mask.lua", as: "interceptors", on: broker)
        #expect(
            transcript.texts == [
                "\(teller):1: failures: 1 (generation 2 stays in force: correct the script and swap again)"
            ])
        let records = try await broker.records(of: "payments")
        #expect(
            records.map(\.valueText) == [
                "paid with ************1111, thank you", "order 4111 1111 1111 1112 of 12 pieces", "************0004",
                nil,
            ])
        #expect(records.map { $0.headers.map(\.name) } == [["masked-cards"], [], ["trace", "masked-cards"], []])
    }

    @Test func tenRecordsAreReportedWhereTheyLie() async throws {
        let broker = try await TestBroker()
        let transcript = try await run("ten_records.lua", on: broker, arguments: ["tens"])
        #expect(transcript.error == nil)
        let records = try await broker.records(of: "tens")
        #expect(records.count == 10)
        #expect(Set(records.map(\.line)).count == 10)
        #expect(
            Set(transcript.output) == Set(records.map { "topic=tens partition=\($0.partition) offset=\($0.offset)" }))
    }

    @Test func theThreeModesDeliverAll() async throws {
        let broker = try await TestBroker()
        let transcript = try await run("modes.lua", on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.output.map { $0.prefix(5) } == ["sync:", "sync:", "sync:", "async", "async", "async"])
        let records = try await broker.records(of: "orders")
        for mode in ["forget", "sync", "async"] {
            #expect(records.filter { $0.keyText == mode }.map(\.valueText) == ["record 1", "record 2", "record 3"])
        }
    }

    @Test func transfersAreWholeOrNotThere() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run("transfer.lua", on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.output == ["alice has 30 left", "false\talice has only 30", "bob has 50 left"])
        #expect(try broker.committed("transfers") == ["-70", "+70", "-20", "+20"])
    }

    @Test func rowsBecomeKeyedJSONAndDeletedOnesTombstones() async throws {
        let broker = try await TestBroker(partitions: 1)
        let files = try TemporaryScripts()
        let path = try files.write(
            #"""
            id,name,price,deleted
            7,"Banana, ""green""",1.25,
            8,Cherry,,true
            9,,0,false
            007,"two
            lines",-3,

            """#, to: "products.csv")
        let transcript = try await run("csv.lua", on: broker, arguments: [path])
        #expect(transcript.error == nil)
        #expect(transcript.output == ["4 rows sent to products, 1 of them deleted"])
        #expect(
            try await broker.records(of: "products").map(\.line) == [
                #"0:7={"id":7,"name":"Banana, \"green\"","price":1.25}"#, "0:8=null",
                #"0:9={"id":9,"name":null,"price":0}"#, #"0:007={"id":"007","name":"two\nlines","price":-3}"#,
            ])
    }

    @Test func aRowWithoutItsKeyIsNamedByFileAndLine() async throws {
        let broker = try await TestBroker(partitions: 1)
        let files = try TemporaryScripts()
        let path = try files.write("id,name\n1,a\n,b\n", to: "products.csv")
        let transcript = try await run("csv.lua", on: broker, arguments: [path])
        #expect(transcript.error?.message == "\(path):3: the column id is missing or empty")
        #expect(try await broker.records(of: "products").map(\.keyText) == ["1"])
    }

    @Test func aLoadSendsAllThatIsDueAndSaysHowLongItTook() async throws {
        let broker = try await TestBroker()
        let transcript = try await run("load.lua", on: broker, arguments: ["2000", "0.3", "busy", "10"])
        #expect(transcript.error == nil)
        #expect(transcript.reports == [])
        #expect(try await broker.records(of: "busy").count == 600)
        try #require(transcript.output.count == 2)
        #expect(transcript.output[0].wholeMatch(of: #/600 records in \d+\.\d s, 0 failed/#) != nil)
        let latencies = transcript.output[1].matches(of: #/(?:p50|p99|p99\.9|max) (\d+\.\d\d)/#).compactMap {
            Double($0.1)
        }
        #expect(latencies.count == 4)
        #expect(latencies == latencies.sorted())
    }
}
