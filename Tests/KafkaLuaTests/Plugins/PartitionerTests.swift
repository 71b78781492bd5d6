import KafkaProducer
import LuaRuntime
import Testing

/// Partitioners that fail while records flow: the record that they fail with fails, the others go on.
@Suite struct PartitionerTests {
    /// Sends `before`, `bad`, `after` with a partitioner that has a flaw for the second.
    private func send(_ flaw: String) async throws -> (path: String, ScriptTranscript, [String?]) {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let path = try scripts.write(
            """
            return { partition = function(r, n)
              if r.key ~= "bad" then return 1 end
              \(flaw)
            end }
            """, to: "p.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local p <close> = kafka.producer{ partitioner = ... }
            assert(p:send("t", "before", "v"))
            local future, err = p:send("t", "bad", "v")
            assert(p:send("t", "after", "v"))
            return future, err.name, err.message
            """, arguments: [path])
        return (path, transcript, try await broker.records(of: "t").map(\.keyText))
    }

    static let flaws: [(String, String)] = [
        ("error('broken')", ":3: broken"),
        ("error{ message = 'a table' }", ":3: a table"),
        ("local x = nil + n", ":3: attempt to perform arithmetic on a nil value"),
        ("return n", ":1: partition returned 3, but the topic has partitions 0 to 2"),
        ("return -1", ":1: partition returned -1, but the topic has partitions 0 to 2"),
        ("return math.maxinteger", ":1: partition returned 9223372036854775807, but the topic has"),
        ("return '1'", ":1: partition must return an integer or nil, got string"),
        ("return 0.5", ":1: partition must return an integer or nil, got 0.5"),
        ("return r", ":1: partition must return an integer or nil, got record"),
        ("while true do end", ":3: time limit exceeded"),
        ("while true do pcall(function() while true do end end) end", ":3: time limit exceeded"),
        ("local s = ('x'):rep(1 << 27)", "not enough memory"),
    ]

    @Test(arguments: flaws) func aRecordFailsWithTheScriptsPlaceAndOthersGoOn(
        _ flaw: (source: String, message: String)
    ) async throws {
        let (path, transcript, keys) = try await send(flaw.source)
        #expect(transcript.error == nil)
        #expect(transcript.texts.prefix(2) == ["nil", "PARTITIONER_FAILED"])
        let message = try #require(transcript.texts.last)
        #expect(message.contains(path))
        #expect(message.contains(flaw.message))
        #expect(keys == ["before", "after"])
        #expect(transcript.deliveries.map(\.failed) == [1])
    }

    @Test func aFloatWithoutAFractionIsAPartitionAndNilLeavesItToKafka() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let path = try scripts.write(
            "return { partition = function(r, n) if r.key == 'mine' then return n / n end end }", to: "p.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local p <close> = kafka.producer{ partitioner = ... }
            return p:send("t", "mine", "v"):get().partition, p:send("t", "alice", "v"):get().partition,
              p:send{ topic = "t", key = "mine", value = "v", partition = 2 }:get().partition
            """, arguments: [path])
        #expect(transcript.texts == ["1", "\(Murmur2Partition.of("alice", among: 3))", "2"])
    }

    @Test func thePartitionerSeesTheRecordAndMustNotKeepIt() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let path = try scripts.write(
            """
            local kept
            return { partition = function(r, n)
              if r.topic == "probe" then return 0 end
              if kept then return kept.key and 0 end
              assert(r.topic == "t" and r.key == "k\\0" and r.value == nil and n == 3)
              assert(r.headers.a == "1" and r.timestamp == 1700000000000 and r:key_is("k\\0"))
              kept = r
              return r:hash() % n
            end }
            """, to: "p.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local p <close> = kafka.producer{ partitioner = ... }
            local headers, timestamp = { a = "1" }, 1700000000000
            assert(p:send{ topic = "t", key = "k\\0", value = kafka.null, headers = headers, timestamp = timestamp })
            -- The view is one and the same: what was kept is the record of the next call, and not memory that is gone.
            assert(p:send{ topic = "t", key = "other", value = "v" })
            """, arguments: [path])
        #expect(transcript.error == nil)
    }

    @Test(
        "1.15 Headers are read-only for the partitioner",
        arguments: ["r.headers.x = '1'", "table.insert(r.headers, { 'x', '1' })", "r.headers = {}"])
    func headersAreReadOnly(write: String) async throws {
        let (_, transcript, keys) = try await send(write)
        #expect(transcript.error == nil)
        #expect(transcript.texts.prefix(2) == ["nil", "PARTITIONER_FAILED"])
        #expect(transcript.texts.last?.contains("read-only") == true)
        #expect(keys == ["before", "after"])
    }

    /// A record opens a batch: the plugin is told which, and asked once more.
    @Test func aNewBatchMayGoElsewhere() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let path = try scripts.write(
            """
            local current, told = 0, 0
            return {
              partition = function(r, n)
                if r.value == "how often" then return told end
                return current
              end,
              on_new_batch = function(topic, previous)
                if topic ~= "t" or previous ~= current then return end
                told = told + 1
                current = 2
              end,
            }
            """, to: "p.lua")
        let transcript = try await ScriptRunner(broker, [("linger.ms", "1000")]).run(
            """
            local p <close> = kafka.producer{ partitioner = ... }
            local first, second = p:send("t", "k", "v"), p:send("t", "k", "v")
            local told = p:send("t", "k", "how often")
            p:flush()
            return first:get().partition, second:get().partition, told:get().partition
            """, arguments: [path])
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["2", "2", "1"])
    }

    @Test func aNewBatchIsOfNoInterestToAPluginWithoutTheHook() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let path = try scripts.write(
            """
            local turn = -1
            return { partition = function(r, n)
              if r.topic == "probe" then return 0 end
              turn = turn + 1
              return turn % n
            end }
            """, to: "p.lua")
        let transcript = try await ScriptRunner(broker, [("batch.size", "0")]).run(
            """
            local p <close> = kafka.producer{ partitioner = ... }
            local partitions = {}
            for i = 1, 6 do partitions[i] = p:send("t", "k", "v"):get().partition end
            return table.unpack(partitions)
            """, arguments: [path])
        #expect(transcript.texts == ["0", "1", "2", "0", "1", "2"])
    }

    /// Each question gets another answer, so that a second one would show.
    @Test func aPartitionerByKeyIsAskedOnceAKeyAndAgainByItsNextVersion() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let path = try scripts.write(
            """
            local turn = -1
            return { partition_by = "key", partition = function(r, n)
              if r.topic == "probe" or r.key == "built-in" then return nil end
              turn = turn + 1
              if r.key == "fails once" and turn == 2 then error("broken") end
              return turn % n
            end }
            """, to: "p.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local p <close> = kafka.producer{ partitioner = ... }
            local function to(key, headers)
              local future, err = p:send{ topic = "t", key = key, value = "v", headers = headers }
              return future and future:get().partition or err.name
            end
            local long = ("k"):rep(100)
            local answers = {
              to "a", to "b", to "a", to "b", to("a", { h = "1" }),
              to "fails once", to "fails once", to "fails once",
              to(long), to(long), to(nil), to(nil), to(""), to "built-in",
            }
            p:swap("partitioner", ...)
            table.insert(answers, to "b")
            return table.concat(answers, " ")
            """, arguments: [path])
        #expect(transcript.error == nil)
        let builtIn = Murmur2Partition.of("built-in", among: 3)
        #expect(transcript.texts == ["0 1 0 1 0 PARTITIONER_FAILED 0 0 1 2 0 0 1 \(builtIn) 0"])
    }

    @Test(arguments: [("default", "2"), ("consistent", "2"), ("fnv1a_random", "1"), ("murmur2_random", "2")])
    func aProducerTakesTheNamesOfPartitioners(name: String, partition: String) async throws {
        let broker = try await TestBroker()
        let transcript = try await ScriptRunner(broker).run(
            """
            local p <close> = kafka.producer{ partitioner = ... }
            return p:send("t", "key-6", "v"):get().partition
            """, arguments: [name])
        #expect(transcript.texts == [partition])
    }

    @Test func manyProducersHaveEachTheirOwn() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let paths = try (0..<3).map {
            try scripts.write("return { partition = function() return \($0) end }", to: "\($0).lua")
        }
        let transcript = try await ScriptRunner(broker).run(
            """
            local partitions = {}
            for i, path in ipairs{ ... } do
              local p <close> = kafka.producer{ partitioner = path }
              partitions[i] = p:send("t", "k", "v"):get().partition
            end
            return table.unpack(partitions)
            """, arguments: paths)
        #expect(transcript.texts == ["0", "1", "2"])
    }
}
