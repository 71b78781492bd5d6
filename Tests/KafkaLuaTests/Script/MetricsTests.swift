import Testing

@Suite struct MetricsTests {
    @Test func aScriptReadsMetricsByName() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker, [("client.id", "shop")]).run(
            """
            local p = kafka.producer{}
            for i = 1, 3 do assert(p:send("orders", nil, "v" .. i):get()) end
            assert(p:send("users", nil, "v"):get())
            p:flush()
            local m = p:metrics()
            assert(m["batch-size-avg"] > 61 and m["record-queue-time-max"] >= 0)
            assert(m["flush-time-ns-total"] > 0 and m["flush-time-ns-total"] < 60e9)
            assert(m.nodes[1]["request-total"] >= 4)
            assert(m["record-send-rate"] > 0 and m["record-send-rate"] < 1)
            return m.client_id, m["record-send-total"], m.topics.orders["record-send-total"],
                m.topics.users["record-send-total"], m["record-error-total"], m.topics.nobody, m["no-such-thing"]
            """)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["shop", "4", "3", "1", "0", "nil", "nil"])
    }

    @Test func whatHasNoValueYetReadsAsNil() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local p = kafka.producer{}
            local before = p:metrics()
            p:close()
            local after = p:metrics()
            return before["request-latency-avg"], before["record-send-total"], after["record-send-total"],
                next(before.topics), after["buffer-total-bytes"] == after["buffer-available-bytes"]
            """)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["nil", "0", "0", "nil", "true"])
    }
}
