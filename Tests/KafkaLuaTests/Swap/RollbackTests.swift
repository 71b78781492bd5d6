import KafkaProducer
import LuaRuntime
import Testing

/// Versions that fail: the built-in partitioner, or the version before, takes over.
@Suite struct RollbackTests {
    /// Runs lines in which `good` and `bad` are files: `good` counts to partition 1, `bad` fails for the key "bad".
    private func run(_ script: String, bad: String = "error('broken')") async throws -> ScriptTranscript {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let good = try scripts.write(
            """
            local seen = 0
            return { version = "1",
              partition = function(r) if r.key then seen = seen + 1 end return 1 end,
              on_unload = function() return { seen = seen } end,
              on_load = function(state, version) seen = state and state.seen or 0 end }
            """, to: "good.lua")
        let bad = try scripts.write(
            """
            local state
            return { version = "2",
              partition = function(r) if r.key ~= "bad" then return 2 end \(bad) end,
              on_unload = function() return state end, on_load = function(s) state = s end }
            """, to: "bad.lua")
        let looping = try scripts.write(
            """
            return { partition = function(r) if r.key == "bad" then error("broken") end end,
              on_unload = function() while true do end end }
            """, to: "looping.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local good, bad, looping = ...
            local function fails(p) local f, err = p:send("t", "bad", "v"); return f == nil and err.message end
            local function place(p) return p:send("t", "k", "v"):get().partition end
            \(script)
            """, arguments: [good, bad, looping])
        #expect(transcript.error == nil)
        return transcript
    }

    @Test func theVersionBeforeComesBackByHandWithTheState() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = good }
            assert(place(p) == 1)
            assert(p:swap("partitioner", bad) == 2 and place(p) == 2)
            assert(p:rollback("partitioner") == 3 and p:generation("partitioner") == 3 and place(p) == 1)
            local generation, err = p:rollback("partitioner")
            return generation, err.name, err.message, p:scripts()[1].version, p:metrics()["partitioner-rollback-total"]
            """)
        let message = "there is no earlier version of the partitioner to go back to"
        #expect(transcript.texts == ["nil", "ILLEGAL_STATE", message, "1", "1"])
    }

    @Test func aVersionIsBroughtBackAsItsTextWas() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = good }
            assert(p:swap("partitioner", bad))
            local f <close> = assert(io.open(good, "w")); f:write("nonsense"); f:flush()
            assert(p:rollback("partitioner"))
            return place(p)
            """)
        #expect(transcript.texts == ["1"])
    }

    @Test func tooManyErrorsWithinASecondBringTheVersionBeforeBack() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = { good, rollback_after = 3 } }
            assert(p:swap("partitioner", bad) == 2)
            assert(fails(p) and fails(p) and p:generation("partitioner") == 2)
            assert(fails(p) and p:generation("partitioner") == 3)
            assert(place(p) == 1 and not fails(p))
            local metrics = p:metrics()
            return metrics["partitioner-generation"], metrics["partitioner-error-total"], metrics["partitioner-rollback-total"]
            """)
        #expect(transcript.texts == ["3", "3", "1"])
        #expect(transcript.log.count == 1)
        #expect(transcript.log.first?.contains("failed 3 times within a second: the version before it is back") == true)
    }

    @Test(arguments: [
        "{ bad, rollback_after = 2 }", "bad, { rollback_after = 2 }",
        "{ bad, rollback_after = 9 }, { rollback_after = 2 }",
    ])
    func aSwapMaySayAfterHowMany(_ arguments: String) async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = good }
            assert(p:swap("partitioner", \(arguments)) == 2)
            assert(fails(p) and p:generation("partitioner") == 2)
            assert(fails(p))
            return p:generation("partitioner"), place(p)
            """)
        #expect(transcript.texts == ["3", "1"])
    }

    @Test func aVersionThatIsToGoCannotStayByFailingAtThatToo() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = { good, rollback_after = 1 } }
            assert(p:swap("partitioner", looping) == 2)
            local generation, err = p:swap("partitioner", good)
            assert(generation == nil and err.message:find("looping.lua:2: time limit exceeded"))
            assert(fails(p))
            return p:generation("partitioner"), place(p)
            """)
        #expect(transcript.texts == ["3", "1"])
        #expect(transcript.log.first?.contains("what it knew is lost") == true)
    }

    @Test func withoutAnEarlierVersionTheFailingOneStays() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = { bad, rollback_after = 1 } }
            assert(fails(p) and fails(p))
            return p:generation("partitioner"), place(p)
            """)
        #expect(transcript.texts == ["1", "2"])
        #expect(transcript.log.first?.contains("and stays: ") == true)
    }

    @Test(arguments: ["error('broken')", "while true do end", "return 99", "return ('x'):rep(1 << 27)"])
    func theBuiltInPartitionerTakesWhatFailsWhereThatIsWished(_ flaw: String) async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = { bad, on_error = "default" } }
            return p:send("t", "bad", "v"):get().partition, place(p), p:scripts()[1].errors
            """, bad: flaw)
        #expect(transcript.texts == ["\(Murmur2Partition.of("bad", among: 3))", "2", "1"])
    }
}
