import Dispatch
import KafkaProducer
import LuaRuntime
import Testing

/// Ctrl-C, as another thread raises it.
@Suite struct InterruptTests {
    private func interrupt(
        _ script: String, on broker: TestBroker?, _ properties: [(String, String)] = []
    ) async throws -> ScriptTranscript {
        try await ScriptRunner(broker, properties).run(script, closingWithin: .milliseconds(10)) { line, interrupt in
            if line == "stop" { broker?.stop() }
            if line == "ready" { DispatchQueue.global().async { interrupt() } }
        }
    }

    static let waits = [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "coroutine.wrap(function() while true do pcall(error) end end)()",
        "kafka.sleep(1000)",
        "lost:get()",
        "lost:get(1000)",
        "flush()",
        "flush(1000)",
        "pcall(flush); while true do end",
        "local p <close> = kafka.producer{}; while true do end",
        "send('unknown', nil, 'v')",
        "kafka.producer{}:partitions('unknown')",
        "tail('unknown')",
        "topics()",
    ]

    @Test(arguments: waits) func aScriptThatRunsOrWaitsIsInterrupted(wait: String) async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await interrupt(
            """
            send("t", nil, "v"):get()
            print("stop")
            local lost = send("t", nil, "lost")
            print("ready")
            \(wait)
            print("not reached")
            """, on: broker)
        #expect(transcript.error?.kind == .interrupted)
        #expect(transcript.exitCode == nil)
        #expect(transcript.output == ["stop", "ready"])
        #expect(transcript.deliveries.first { $0.topic == "t" }?.failed == 1)
    }

    @Test(arguments: ["while true do end", "kafka.sleep(1000)"])
    func aCallbackThatIsInterruptedEndsTheWaitAroundIt(loop: String) async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await interrupt(
            """
            for i = 1, 3 do send("t", nil, "v", function() if i == 1 then print("ready"); \(loop) end end) end
            kafka.sleep(1000)
            """, on: broker)
        #expect(transcript.error?.kind == .interrupted)
        #expect(transcript.reports == [])
        #expect(transcript.deliveries.map(\.delivered) == [3])
    }

    @Test func aScriptThatWaitsForMemoryIsInterrupted() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await interrupt(
            """
            send("t", nil, "v"):get()
            print("stop")
            print("ready")
            while true do send("t", nil, ("x"):rep(30000)) end
            """, on: broker, [("buffer.memory", "100000"), ("batch.size", "32768"), ("max.block.ms", "600000")])
        #expect(transcript.error?.kind == .interrupted)
        #expect(transcript.deliveries.map(\.pending) == [0])
    }
}
