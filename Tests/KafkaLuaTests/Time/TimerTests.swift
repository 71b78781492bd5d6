import KafkaProducer
import LuaRuntime
import Testing

@Suite struct TimerTests {
    @Test func timersRunWhileTheScriptWaitsAndNotWhileItRuns() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local beats = 0
            local timer = kafka.every(0.001, function(t) beats = beats + 1 end)
            local start = kafka.clock()
            while kafka.clock() - start < 0.005 do end
            assert(beats == 0)
            kafka.poll()
            assert(beats == 1, "beats that were missed are left out")
            while beats < 3 do kafka.sleep(0.001) end
            while beats < 5 do assert(send("t", nil, "v"):get()) end
            while beats < 7 do send("t", nil, "v") end
            while beats < 9 do flush() end
            assert(timer:active() and tostring(timer) == "kafka.timer: active")
            timer:cancel()
            local seen = beats
            kafka.sleep(0.005)
            return beats == seen, timer:active(), tostring(timer)
            """)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["true", "false", "kafka.timer: cancelled"])
    }

    @Test func aTimerMayCancelItselfAndOthers() async throws {
        let transcript = try await ScriptRunner().run(
            """
            local calls, other = 0
            local timer = kafka.every(0.001, function(t)
              calls = calls + 1
              other:cancel()
              t:cancel()
            end)
            other = kafka.every(0.001, function() error("cancelled") end)
            kafka.sleep(0.05)
            return calls
            """)
        #expect(transcript.texts == ["1"])
        #expect(transcript.reports == [])
    }

    @Test func aTimerEndsWithItsVariable() async throws {
        let transcript = try await ScriptRunner().run(
            """
            local calls = 0
            do
              local timer <close> = kafka.every(0.001, function() calls = calls + 1 end)
            end
            kafka.sleep(0.01)
            return calls
            """)
        #expect(transcript.texts == ["0"])
    }

    @Test func whatATimerRaisesIsReportedAndItGoesOn() async throws {
        let transcript = try await ScriptRunner().run(
            """
            local calls = 0
            kafka.every(0.001, function(t)
              calls = calls + 1
              if calls == 3 then t:cancel() end
              error("beat " .. calls)
            end)
            while calls < 3 do kafka.sleep(0.001) end
            """)
        #expect(transcript.error == nil)
        #expect(transcript.reports == (1...3).map { "test.lua:5: beat \($0)" })
    }

    @Test func timersDoNotInterruptCallbacksNorEachOther() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local within, beats = false, 0
            local function alone(body)
              return function()
                assert(not within)
                within = true
                body()
                within = false
              end
            end
            kafka.every(0.001, alone(function() beats = beats + 1; kafka.sleep(0.003) end))
            kafka.every(0.001, alone(function() kafka.sleep(0.003) end))
            for _ = 1, 5 do send("t", nil, "v", alone(function() kafka.sleep(0.003) end)) end
            while beats < 3 do kafka.sleep(0.001) end
            """)
        #expect(transcript.error == nil)
        #expect(transcript.reports == [])
    }

    /// Otherwise one that sends would keep the script for ever.
    @Test func theEndOfAScriptEndsItsTimers() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            #"kafka.every(0.0001, function() send("t", nil, "v") end)"#)
        #expect(transcript.error == nil)
        #expect(transcript.closeError == nil)
    }

    @Test func aTimerIsInterrupted() async throws {
        let transcript = try await ScriptRunner().run(
            """
            kafka.every(0.001, function() print("ready"); while true do end end)
            kafka.sleep(1000)
            """
        ) { _, interrupt in interrupt() }
        #expect(transcript.error?.kind == .interrupted)
        #expect(transcript.reports == [])
    }

    @Test(arguments: [
        ("kafka.every()", "bad argument #1 to 'every' (number expected, got no value)"),
        ("kafka.every(0, print)", "bad argument #1 to 'every' (seconds must be more than 0)"),
        ("kafka.every(1)", "bad argument #2 to 'every' (function expected, got no value)"),
        ("kafka.rate(0)", "bad argument #1 to 'rate' (a rate is more than 0 and at most 1e9 a second)"),
        ("kafka.rate(0/0)", "bad argument #1 to 'rate' (a rate is more than 0"),
        ("kafka.rate(1, { duration = 'x' })", "field 'duration' of argument #2 must be a number, got string"),
        ("kafka.rate(1, { schedule = 'x' })", "field 'schedule' of argument #2: a schedule is 'open' or 'closed'"),
    ])
    func misuseNamesItsArgument(_ misuse: (source: String, message: String)) async throws {
        let error = try #require(try await ScriptRunner().run(misuse.source).error)
        #expect(error.message.contains(misuse.message), "\(error.message)")
    }
}

@Suite struct RateTests {
    @Test func aRateGivesAllItsRecordsAndWhenEachWasDue() async throws {
        let transcript = try await ScriptRunner().run(
            """
            local count, first, last = 0
            for number, due in kafka.rate(2000, { duration = 0.1 }) do
              count = count + 1
              assert(number == count and kafka.clock() >= due)
              first, last = first or due, due
              if count == 50 then kafka.sleep(0.02) end
            end
            assert(math.abs(last - first - 199 / 2000) < 1e-6)
            return count
            """)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["200"])
    }

    @Test func callbacksAndTimersRunWhileARateWaits() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local delivered, beats = 0, 0
            kafka.every(0.001, function() beats = beats + 1 end)
            for number in kafka.rate(100) do
              send("t", nil, "v", function(_, err) assert(not err); delivered = delivered + 1 end)
              if delivered > 3 and beats > 3 then break end
            end
            """)
        #expect(transcript.error == nil)
        #expect(transcript.reports == [])
    }

    @Test func aWaitForARateIsInterrupted() async throws {
        let transcript = try await ScriptRunner().run("for i in kafka.rate(0.001) do print(i) end") { _, interrupt in
            interrupt()
        }
        #expect(transcript.error?.kind == .interrupted)
        #expect(transcript.output == ["1"])
    }
}
