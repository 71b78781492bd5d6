import Dispatch
import KafkaProducer
import LuaRuntime
import Testing

@Suite struct WorkerTests {
    /// Runs a script whose first argument is the path of what its workers run.
    private func run(
        _ script: String, workers: String, on broker: TestBroker? = nil,
        onPrint: @escaping @Sendable (String, @escaping @Sendable () -> Void) -> Void = { _, _ in }
    ) async throws -> (transcript: ScriptTranscript, path: String) {
        let files = try TemporaryScripts()
        let path = try files.write(workers, to: "worker.lua")
        let transcript = try await ScriptRunner(broker).run(
            script, arguments: [path], closingWithin: nil, onPrint: onPrint)
        return (transcript, path)
    }

    @Test func eachHasAStateOfItsOwnAndItsArguments() async throws {
        let (transcript, path) = try await run(
            """
            counter = 10
            local results = kafka.workers(3, ..., { args = { "t", 3, 3.0, { list = { 1 } }, kafka.null } }):wait()
            assert(#results == 3 and kafka.worker == nil)
            for i = 1, 3 do assert(results[i].index == i and results[i].count == 3 and results[i].counter == 1) end
            return results[1].script
            """,
            workers: """
                local topic, whole, float, plain, null = ...
                assert(topic == "t" and math.type(whole) == "integer" and math.type(float) == "float")
                assert(plain.list[1] == 1 and null == kafka.null and arg[1] == "t" and arg[4].list)
                counter = (counter or 0) + 1
                return { index = kafka.worker.index, count = kafka.worker.count, counter = counter, script = arg[0] }
                """)
        #expect(transcript.error == nil)
        #expect(transcript.texts == [path])
    }

    @Test func theySendAtTheirShareOfARate() async throws {
        let broker = try await TestBroker(partitions: 2)
        let (transcript, _) = try await run(
            """
            local latency = kafka.histogram()
            for _, h in ipairs(kafka.workers(4, ...):wait()) do latency:merge(h) end
            assert(latency:count() == 100 and latency:max() > 0)
            return kafka.shared.get("sent"), kafka.shared.get("nothing")
            """,
            workers: """
                local latency = kafka.histogram()
                for number, due in kafka.rate(1000, { duration = 0.1 }) do
                  assert(send("t", kafka.worker.index .. "-" .. number, "v", function(md, err)
                    assert(not err)
                    latency:record_since(due)
                  end))
                  kafka.shared.incr("sent")
                end
                flush()
                return latency
                """, on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.reports == [])
        #expect(transcript.texts == ["100", "nil"])
        let keys = Set(try await broker.records(of: "t").compactMap(\.keyText))
        #expect(keys == Set((1...4).flatMap { worker in (1...25).map { "\(worker)-\($0)" } }))
        #expect(transcript.deliveries.map(\.delivered).reduce(0, +) == 100)
    }

    @Test func theFirstErrorEndsAllAndIsPassedOnWithItsTraceback() async throws {
        let (transcript, path) = try await run(
            "local workers = kafka.workers(3, ...)\nworkers:wait()",
            workers: """
                if kafka.worker.index ~= 2 then while true do end end
                local function deep() error("boom") end
                deep()
                """)
        let error = try #require(transcript.error)
        #expect(error.line == 2)
        #expect(error.message.contains("worker 2: \(path):2: boom"))
        #expect(error.message.contains("stack traceback:"))
        #expect(error.message.contains("in local 'deep'") || error.message.contains("in upvalue 'deep'"))
        #expect(transcript.reports == [])
    }

    @Test func callbacksAndTimersRunWhileTheyAreWaitedFor() async throws {
        let broker = try await TestBroker(partitions: 1)
        let (transcript, _) = try await run(
            """
            local beats, delivered = 0, false
            kafka.every(0.001, function() beats = beats + 1; kafka.shared.set("beats", beats) end)
            send("t", nil, "v", function() delivered = true; kafka.shared.set("delivered", true) end)
            local workers = kafka.workers(2, ...)
            local none, err = workers:wait(0)
            assert(none == nil and err.name and err.retriable ~= nil and not workers:done())
            assert(tostring(workers):find("2 of 2 run"))
            workers:wait()
            assert(workers:done())
            return delivered
            """,
            workers: """
                while not (kafka.shared.get("delivered") and kafka.shared.get("beats") > 3) do kafka.sleep(0.001) end
                """, on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["true"])
    }

    @Test func theEndOfAScriptWaitsForThem() async throws {
        let broker = try await TestBroker(partitions: 1)
        let (transcript, _) = try await run(
            "kafka.workers(2, ...)",
            workers: "kafka.sleep(0.02) for i = 1, 10 do send('t', nil, 'v') end", on: broker)
        #expect(transcript.error == nil)
        #expect(try await broker.records(of: "t").count == 20)
    }

    @Test func aFailureThatNobodyWaitsForIsTold() async throws {
        let (transcript, path) = try await run("kafka.workers(1, ...)", workers: "error('alone')")
        #expect(transcript.reports.count == 1)
        #expect(transcript.reports.first?.hasPrefix("worker 1: \(path):1: alone") == true)
    }

    @Test func aScriptThatFailsStopsThem() async throws {
        let (transcript, _) = try await run(
            "kafka.workers(2, ...) error('main')", workers: "while true do end")
        #expect(transcript.error?.message == "main")
        #expect(transcript.reports == [])
    }

    @Test func theyAreStopped() async throws {
        let (transcript, _) = try await run(
            """
            do local workers <close> = kafka.workers(2, ...) end
            local workers = kafka.workers(2, ...)
            workers:stop()
            local results = workers:wait()
            return #results
            """, workers: "while true do kafka.sleep(1000) end")
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["0"])
    }

    @Test func anInterruptEndsThemAll() async throws {
        let (transcript, _) = try await run(
            """
            local workers = kafka.workers(3, ...)
            while (kafka.shared.get("running") or 0) < 3 do kafka.sleep(0.001) end
            print("ready")
            workers:wait()
            """, workers: "kafka.shared.incr('running') while true do end"
        ) { line, interrupt in
            if line == "ready" { DispatchQueue.global().async { interrupt() } }
        }
        #expect(transcript.error?.kind == .interrupted)
    }

    @Test func exitEndsAWorkerAsItEndsAScript() async throws {
        let (transcript, _) = try await run(
            """
            assert(kafka.workers(2, ..., { args = { 0 } }):wait())
            kafka.workers(2, ..., { args = { 3 } }):wait()
            """, workers: "os.exit((...))")
        #expect(transcript.error?.message.contains("os.exit(3)") == true)
        #expect(transcript.exitCode == nil)
    }

    @Test(arguments: [
        ("kafka.workers()", "bad argument #1 to 'workers' (integer expected, got no value)"),
        ("kafka.workers(0, ...)", "bad argument #1 to 'workers' (the number of workers is from 1 to 64)"),
        ("kafka.workers(1)", "bad argument #2 to 'workers' (string expected, got no value)"),
        ("kafka.workers(1, 'none.lua')", "cannot read none.lua: No such file or directory"),
        ("kafka.workers(1, ..., { args = 5 })", "field 'args' of argument #3 must be a table, got number"),
        ("kafka.workers(1, ..., { args = { print } })", "a function cannot leave the script"),
        ("kafka.workers(1, ...)", "worker.lua:1: syntax error near 'is'"),
    ])
    func misuseNamesItsArgument(_ misuse: (source: String, message: String)) async throws {
        let (transcript, _) = try await run(misuse.source, workers: "this is bad Lua")
        let error = try #require(transcript.error)
        #expect(error.message.contains(misuse.message), "\(error.message)")
    }

    @Test func workersOfWorkersAreRefused() async throws {
        let (transcript, _) = try await run(
            "kafka.workers(1, ...):wait()", workers: "kafka.workers(1, arg[0])")
        #expect(transcript.error?.message.contains("a worker cannot start workers of its own") == true)
    }
}
