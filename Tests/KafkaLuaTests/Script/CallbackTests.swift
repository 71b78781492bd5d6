import KafkaProducer
import LuaRuntime
import Testing

@Suite struct CallbackTests {
    @Test func callbacksRunInOrderOnTheScriptsThread() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker, [("linger.ms", "5")]).run(
            """
            local seen, main = {}, coroutine.running()
            for i = 1, 2000 do
              send({ topic = "t", value = tostring(i), number = i }, function(md, err, record)
                assert(err == nil and coroutine.running() == main)
                assert(md.offset == #seen and record.number == i and record.value == tostring(i))
                seen[#seen + 1] = i
              end)
            end
            flush()
            return #seen
            """)
        #expect(transcript.error == nil)
        #expect(transcript.reports == [])
        #expect(transcript.texts == ["2000"])
    }

    @Test("2.3 What a callback raises is reported, and the others run")
    func oneThatRaisesIsReportedAndTheOthersRun() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local seen = 0
            for i = 1, 5 do
              send("t", nil, "v", function()
                seen = seen + 1
                if i == 2 then error("two") elseif i == 3 then error{} end
              end)
            end
            flush()
            return seen
            """)
        #expect(transcript.texts == ["5"])
        #expect(transcript.reports == ["test.lua:5: two", "test.lua:5: (error object is a table)"])
    }

    @Test func callbacksMaySendAndWait() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local seen = 0
            local function again(left)
              return function(md, err)
                assert(not err)
                seen = seen + 1
                if left == 0 then return end
                local future = send("t", nil, "more", again(left - 1))
                if left % 3 == 0 then assert(future:get()) end
                if left % 3 == 1 then assert(flush()) end
              end
            end
            for _ = 1, 20 do send("t", nil, "v", again(4)) end
            flush()
            while seen < 100 do kafka.sleep(0.001) end
            return seen
            """)
        #expect(transcript.error == nil)
        #expect(transcript.reports == [])
        #expect(transcript.texts == ["100"])
        #expect(try await broker.records(of: "t").count == 100)
    }

    @Test func oneThatWaitsIsNotOvertaken() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local within = false
            for i = 1, 10 do
              send("t", nil, "v", function()
                assert(not within)
                within = true
                assert(send("t", nil, "more"):get())
                kafka.sleep(0.001)
                kafka.poll()
                within = false
                print(i)
              end)
            end
            flush()
            """)
        #expect(transcript.reports == [])
        #expect(transcript.output == (1...10).map(String.init))
    }

    @Test func callbacksThatGoOnSendingDoNotKeepAWaitFromEnding() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local stops = false
            local function forever(md, err) if not stops then send("t", nil, "again", forever) end end
            for _ = 1, 50 do send("t", nil, "v", forever) end
            assert(send("other", nil, "v"):get())
            kafka.sleep(0.02)
            assert(flush())
            stops = true
            return true
            """)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["true"])
    }

    @Test func theEndOfAScriptRunsWhatItsCallbacksSend() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local function chain(left)
              return function() if left > 0 then send("t", nil, "v", chain(left - 1)) else print("last") end end
            end
            send("t", nil, "v", chain(5))
            """)
        #expect(transcript.output == ["last"])
        #expect(try await broker.records(of: "t").count == 6)
        #expect(transcript.deliveries.map(\.delivered) == [6])
    }

    @Test func aFailureReachesItsCallback() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local future, err = send("t", "k", ("x"):rep(2000000), function(md, failure)
              print(md.topic, md.partition, md.offset, failure.name)
            end)
            assert(future == nil and err.name == "RECORD_TOO_LARGE")
            """)
        #expect(transcript.output == ["t\t-1\t-1\tRECORD_TOO_LARGE"])
    }

    @Test func whatACallbackHoldsIsLetGo() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local kept = setmetatable({}, { __mode = "k" })
            -- In a coroutine, whose stack is collected with all that it held.
            coroutine.wrap(function()
              for i = 1, 100 do
                local record = { topic = "t", value = "v" }
                kept[record] = true
                send(record, function(_, _, r) assert(r == record) end)
              end
              flush()
            end)()
            -- What the host has let go is released when it next calls Lua, and collected after that.
            send("t", nil, "v", function() end):get()
            collectgarbage()
            local left = 0
            for _ in pairs(kept) do left = left + 1 end
            return left
            """)
        #expect(transcript.reports == [])
        #expect(transcript.texts == ["0"])
    }
}
