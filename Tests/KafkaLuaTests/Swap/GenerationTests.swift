import KafkaProducer
import LuaRuntime
import Testing

/// Which version has a record, and who hears of it.
@Suite struct GenerationTests {
    private func run(
        _ script: String, files: [String: String], _ properties: [(String, String)] = []
    ) async throws -> ScriptTranscript {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        for (name, text) in files { try scripts.write(text, to: name) }
        let transcript = try await ScriptRunner(broker, properties).run(
            "local folder = ... .. '/'\n\(script)", arguments: [scripts.folder])
        #expect(transcript.error == nil)
        return transcript
    }

    private static func listener(_ name: String) -> String {
        "return { on_send = function() end, on_ack = function(md) error('\(name) heard of ' .. md.value_size, 0) end }"
    }

    @Test func acknowledgementsGoToTheVersionThatSawTheRecordOrElseTheNewest() async throws {
        let files = Dictionary(uniqueKeysWithValues: (1...4).map { ("\($0).lua", Self.listener("v\($0)")) })
        let transcript = try await run(
            """
            local p = kafka.producer{ interceptors = folder .. "1.lua" }
            p:send("t", "k", "v")
            for i = 2, 4 do
              assert(p:swap("interceptor", folder .. i .. ".lua") == i)
              p:send("t", "k", ("v"):rep(i))
            end
            p:close()
            """, files: files, [("linger.ms", "100000"), ("delivery.timeout.ms", "200000")])
        let heard = transcript.log.compactMap { $0.split(separator: ": ").last.map(String.init) }
        // Two old ones are kept: of what the first saw the newest hears.
        #expect(heard.sorted() == ["v2 heard of 2", "v3 heard of 3", "v4 heard of 1", "v4 heard of 4"])
    }

    @Test func nobodyHearsOfARecordWhoseVersionDidNotAsk() async throws {
        var files = Dictionary(uniqueKeysWithValues: (1...3).map { ("\($0).lua", Self.listener("v\($0)")) })
        files["0.lua"] = "return { on_send = function() end }"
        let transcript = try await run(
            """
            local p = kafka.producer{ interceptors = folder .. "0.lua" }
            p:send("t", "k", "v")
            for i = 1, 3 do
              assert(p:swap("interceptor", folder .. i .. ".lua"))
              p:send("t", "k", ("v"):rep(i + 1))
            end
            p:close()
            """, files: files, [("linger.ms", "100000"), ("delivery.timeout.ms", "200000")])
        let heard = transcript.log.compactMap { $0.split(separator: ": ").last.map(String.init) }
        #expect(heard.sorted() == ["v1 heard of 2", "v2 heard of 3", "v3 heard of 4"])
    }

    @Test func completionsAndMetricsNameTheGeneration() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = folder .. "p.lua" }
            local seen = {}
            local function callback(md) seen[#seen + 1] = md.generation end
            p:send("t", "k", "v", callback)
            assert(p:swap("partitioner", folder .. "p.lua"))
            p:send("t", "k", "v", callback)
            local _, failed = p:send{ topic = "t", key = "k", value = "v", partition = 1 }:get()
            p:flush()
            table.sort(seen)
            local named = p:send{ topic = "t", key = "k", value = "v", partition = 1 }:get()
            return seen[1], seen[2], named.generation, p:metrics()["partitioner-generation"], p:metrics()["serializer-generation"]
            """, files: ["p.lua": "return { partition = function() return 0 end }"], [("linger.ms", "100")])
        #expect(transcript.texts == ["1", "2", "nil", "2", "0"])
    }

    @Test func scriptsAreListedRoleByRole() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ ["client.id"] = "me", partitioner = { folder .. "p.lua", instances = 2 },
              interceptors = { folder .. "i.lua", folder .. "i.lua" } }
            local lines = {}
            for _, s in ipairs(kafka.scripts()) do
              assert(s.memory > 1000 and s.errors == 0 and s.rollbacks == 0 and s.producer == "me")
              lines[#lines + 1] = ("%s %s %s %d %d"):format(s.role, s.name:match("[^/]+$"), s.version, s.generation, s.instances)
            end
            assert(#p:scripts() == #lines)
            return table.unpack(lines)
            """,
            files: [
                "p.lua": "return { name = 'vip', version = 1.5, partition = function() return 0 end }",
                "i.lua": "return { on_send = function() end }",
            ])
        #expect(
            transcript.texts == ["partitioner vip 1.5 1 2", "interceptor i.lua nil 1 1", "interceptor i.lua nil 1 1"])
    }

    @Test func aSwapWithinATransactionWaitsForItsEnd() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ ["transactional.id"] = "x", partitioner = folder .. "0.lua" }
            local function place(tx) return tx:send("t", "k", "v") end
            local first, second, generation
            p:transaction(function(tx)
              first = place(tx)
              assert(p:swap("partitioner", folder .. "1.lua") == 2)
              second = place(tx)
              generation = p:generation("partitioner")
            end)
            local after = p:generation("partitioner")
            local third
            p:transaction(function(tx) third = place(tx) end)
            -- Aborted, it comes in as well; what fails at the end is reported.
            pcall(p.transaction, p, function(tx)
              assert(p:swap("partitioner", folder .. "2.lua"))
              assert(p:swap("interceptor", folder .. "i.lua"))
              error("away")
            end)
            return first:get().partition, second:get().partition, generation, after, third:get().partition,
              p:generation("partitioner"), p:generation("interceptor")
            """,
            files: [
                "0.lua": "return { partition = function() return 0 end }",
                "1.lua": "return { partition = function() return 1 end }",
                "2.lua": "return { partition = function() return 2 end, on_load = function() error('late') end }",
                "i.lua": "return { on_send = function() end }",
            ])
        #expect(transcript.texts == ["0", "0", "1", "2", "1", "2", "1"])
        #expect(transcript.log.count == 1)
        #expect(transcript.log.first?.contains("2.lua:1: late") == true)
    }

    @Test func theGlobalsAreThoseOfTheDefaultProducer() async throws {
        let transcript = try await run(
            """
            assert(swap("partitioner", folder .. "0.lua") == 1 and swap("partitioner", folder .. "1.lua") == 2)
            assert(send("t", "k", "v"):get().partition == 1)
            assert(rollback("partitioner") == 3)
            return send("t", "k", "v"):get().partition, generation("partitioner"), #scripts(), watch(), watch(false)
            """,
            files: [
                "0.lua": "return { partition = function() return 0 end }",
                "1.lua": "return { partition = function() return 1 end }",
            ])
        #expect(transcript.texts == ["0", "3", "1", "true", "false"])
    }

    /// A partitioner that is another one each time it is looked at.
    private final class Restless: Partitioner {
        private let looks = Counter()
        let asked = Counter()

        let ended = Counter()

        func beginRecord() -> Int { looks.next() }
        func endRecord(generation: Int) { _ = ended.next() }
        var observesNewBatches: Bool { true }

        func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? {
            Int32(record.generation % 3)
        }

        func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32, generation: Int) {
            if Int(previous) == generation % 3 { _ = asked.next() }
        }
    }

    @Test func aRecordThatIsPartitionedTwiceMeetsOneVersion() async throws {
        let broker = try await TestBroker()
        var configuration = try ProducerConfiguration(bootstrapServers: broker.bootstrapServers)
        configuration.batchSize = 0
        let partitioner = Restless()
        configuration.partitioner = .custom(partitioner)
        let producer = try Producer<String, String>(configuration)
        for _ in 0..<30 {
            let metadata = try await producer.send(ProducerRecord(topic: "t", key: "k", value: "v"))
            #expect(Int(metadata.partition) == metadata.generation % 3)
        }
        #expect(partitioner.asked.value == 30)
        #expect(partitioner.ended.value == 30)
        await producer.close()
    }
}
