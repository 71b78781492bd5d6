import KafkaProducer
import LuaRuntime
import Testing

@Suite struct EndTests {
    @Test func flushAndCloseReportTheirTime() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local p = kafka.producer{}
            assert(p:send("t", nil, "v"))
            assert(p:flush() == true and p:flush(0) == true)
            assert(p:close() == true and p:close() == true)
            local future, err = p:send("t", nil, "v")
            assert(future == nil)
            return tostring(p), err.name, p:flush()
            """)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["kafka.producer: closed", "PRODUCER_CLOSED", "true"])
    }

    @Test func closeFailsWhatItCannotWaitFor() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local p = kafka.producer{}
            p:send("t", nil, "v"):get()
            print("stop")
            for i = 1, 3 do p:send("t", nil, "lost", function(md, err) print(i, md.topic, err.name) end) end
            local flushed, slow = p:flush(0.01)
            assert(flushed == nil and slow.name == "TIMED_OUT")
            local closed, err = p:close(0.01)
            assert(closed == nil and err.name == "TIMED_OUT")
            """
        ) { line, _ in if line == "stop" { broker.stop() } }
        #expect(transcript.error == nil)
        #expect(
            transcript.output.dropFirst() == [
                "1\tt\tPRODUCER_CLOSED", "2\tt\tPRODUCER_CLOSED", "3\tt\tPRODUCER_CLOSED",
            ])
        #expect(transcript.deliveries.map(\.failed) == [3])
        #expect(transcript.deliveries.map(\.pending) == [0])
    }

    @Test func aVariableToBeClosedClosesItsProducer() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker, [("linger.ms", "60000"), ("delivery.timeout.ms", "120000")])
            .run(
                """
                local outer
                do
                  local p <close> = kafka.producer{}
                  outer = p
                  p:send("t", nil, "v", function(md) print(md.offset) end)
                end
                print(tostring(outer))
                pcall(function()
                  local p <close> = kafka.producer{}
                  p:send("t", nil, "v", function(md) print(md.offset) end)
                  error("left early")
                end)
                """)
        #expect(transcript.error == nil)
        #expect(transcript.output == ["0", "kafka.producer: closed", "1"])
    }

    @Test(arguments: [("", 0), ("true", 0), ("false", 1), ("7", 7)])
    func exitEndsTheScriptAndDeliversWhatWasSent(_ exit: (argument: String, code: Int32)) async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker, [("linger.ms", "60000"), ("delivery.timeout.ms", "120000")])
            .run(
                """
                local p <close> = kafka.producer{}
                p:send("t", nil, "v", function() print("delivered") end)
                send("t", nil, "v", function() print("delivered") end)
                pcall(function() os.exit(\(exit.argument)) end)
                print("not reached")
                """)
        #expect(transcript.exitCode == exit.code)
        #expect(transcript.error?.kind == .interrupted)
        #expect(transcript.closeError == nil)
        #expect(transcript.output == ["delivered", "delivered"])
        #expect(try await broker.records(of: "t").count == 2)
    }

    @Test func exitInACallbackEndsTheScriptThatWaits() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            for i = 1, 3 do send("t", nil, "v", function() print(i); if i == 1 then os.exit(4) end end) end
            flush()
            print("not reached")
            """)
        #expect(transcript.exitCode == 4)
        #expect(transcript.output == ["1", "2", "3"])
        #expect(transcript.reports == [])
    }

    @Test func aScriptThatRaisesStillDelivers() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run("send('t', nil, 'v')\nlocal x = nil + 1")
        #expect(transcript.error?.description == "test.lua:2: attempt to perform arithmetic on a nil value")
        #expect(transcript.deliveries.map(\.delivered) == [1])
    }

    @Test func everyProducersUndeliveredRecordsAreNamed() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local a, b = kafka.producer{}, kafka.producer{}
            a:send("first", nil, "v"):get()
            b:send("second", nil, "v"):get()
            print("stop")
            a:send("first", nil, "lost")
            for _ = 1, 2 do b:send("second", nil, "lost") end
            a, b = nil, nil
            collectgarbage()
            """, closingWithin: .milliseconds(10)
        ) { line, _ in if line == "stop" { broker.stop() } }
        let failed = Dictionary(uniqueKeysWithValues: transcript.deliveries.map { ($0.topic, $0.failed) })
        #expect(failed == ["first": 1, "second": 2])
        #expect(transcript.deliveries.allSatisfy { $0.lastError?.kind == .closed })
    }
}
