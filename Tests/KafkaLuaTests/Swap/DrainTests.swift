import KafkaProducer
import LuaRuntime
import Testing

/// What a swap waits for. Batches linger for longer than any test lasts: only who waits for one has it sent.
@Suite struct DrainTests {
    private static func place(_ partition: Int) -> String {
        "return { partition = function() return \(partition) end }"
    }

    private func run(
        _ script: String, _ properties: [(String, String)] = [], on broker: TestBroker,
        onPrint: @escaping @Sendable () -> Void = {}
    ) async throws -> ScriptTranscript {
        let scripts = try TemporaryScripts()
        let paths = try (0..<3).map { try scripts.write(Self.place($0), to: "to\($0).lua") }
        return try await ScriptRunner(
            broker, [("linger.ms", "100000"), ("delivery.timeout.ms", "200000")] + properties
        )
        .run("local to0, to1, to2 = ...\n" + script, arguments: paths) { _, _ in onPrint() }
    }

    @Test func keysWaitForTheRecordsOfOlderVersions() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = to0 }
            local first = assert(p:send("t", "k", "1"))
            local other = assert(p:send("other", "k", "1"))
            assert(p:swap("partitioner", to1, { drain = "keys" }) == 2)
            assert(not first:done())
            local second = assert(p:send("t", "k", "2"))
            assert(first:done() and not second:done())
            -- Another topic is not held up by this one, and its own records have been flushed as well.
            assert(p:send("other", "k", "2"))
            assert(p:send("t", "k", "3") and not second:done())
            assert(p:swap("partitioner", to2))
            assert(p:send("t", "k", "4") and not second:done())
            p:flush()
            return first:get().generation, second:get().generation, second:get().partition
            """, on: try await TestBroker())
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["1", "2", "1"])
    }

    @Test func keysWaitForRecordsThatTheBuiltInPartitionerPlaced() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{}
            local first = assert(p:send("t", "k", "1"))
            assert(p:swap("partitioner", to1, { drain = "keys" }) == 1)
            assert(p:send("t", "k", "2"))
            assert(first:done())
            return first:get().generation
            """, on: try await TestBroker())
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["0"])
    }

    @Test func nothingIsWaitedForUnlessAsked() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = to0 }
            local first = assert(p:send("t", "k", "1"))
            assert(p:swap("partitioner", to1))
            assert(p:send("t", "k", "2"))
            return first:done()
            """, on: try await TestBroker())
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["false"])
    }

    @Test func flushWaitsBeforeTheNewVersionComesIn() async throws {
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = to0 }
            local first = assert(p:send("t", "k", "1"))
            assert(p:swap("partitioner", to1, { drain = "flush" }) == 2)
            return first:done()
            """, on: try await TestBroker())
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["true"])
    }

    /// Versions take turns that place keys elsewhere, one of them where the broker refuses each batch at first. Each value
    /// is a number that rises.
    @Test(arguments: ["keys", "flush", "none"]) func keysAreStoredInOrderWhateverTheirPartition(drain: String)
        async throws
    {
        let broker = try await TestBroker()
        let transcript = try await run(
            """
            local p <close> = kafka.producer{ partitioner = to0, ["retry.backoff.ms"] = 5, ["retry.backoff.max.ms"] = 20 }
            local number = 0
            for round, version in ipairs{ to0, to1, to2, to0, to2, to1, to0 } do
              if round > 1 then assert(p:swap("partitioner", version, { drain = "\(drain)" })) end
              for i = 1, 4 do
                for key = 1, 3 do
                  number = number + 1
                  assert(p:send("t", "k" .. key, tostring(number)))
                end
              end
              print("sent")
            end
            assert(p:flush())
            """, on: broker, onPrint: { broker.refuse(3, "t", 0) })
        #expect(transcript.error == nil)
        let records = try await broker.recordsAsStored(of: "t")
        #expect(records.count == 7 * 12)
        #expect(Set(records.map(\.partition)) == [0, 1, 2])
        var isInOrder = true
        for (_, records) in Dictionary(grouping: records, by: \.keyText) {
            let numbers = records.compactMap { $0.valueText.flatMap { Int($0) } }
            if numbers != numbers.sorted() { isInOrder = false }
        }
        // Without waiting all rounds of a partition share its batch, so that the check is seen to fail.
        #expect(isInOrder == (drain != "none"))
    }

    @Test func sendWaitsNoLongerThanItMayBlock() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let (to0, to1) = (try scripts.write(Self.place(0), to: "0.lua"), try scripts.write(Self.place(1), to: "1.lua"))
        let transcript = try await ScriptRunner(
            broker, [("linger.ms", "100000"), ("delivery.timeout.ms", "200000"), ("max.block.ms", "3000")]
        ).run(
            """
            local to0, to1 = ...
            local p = kafka.producer{ partitioner = to0 }
            -- As often as a busy machine needs it.
            repeat until p:partitions("t") == 3
            assert(p:send("t", "k", "1"))
            print("stop")
            assert(p:swap("partitioner", to1, { drain = "keys" }))
            local future, err = p:send("t", "k", "2")
            local generation, flush = p:swap("partitioner", to0, { drain = "flush" })
            p:close(0)
            return future, err.name, err.message, generation, flush.message
            """, arguments: [to0, to1], closingWithin: .zero, onPrint: { _, _ in broker.stop() })
        #expect(transcript.error == nil)
        try #require(transcript.texts.count == 5)
        #expect(transcript.texts.prefix(2) == ["nil", "TIMED_OUT"])
        #expect(transcript.texts[2].contains("that an older version of the partitioner has placed"))
        #expect(transcript.texts[3] == "nil")
        #expect(transcript.texts[4].contains("nothing was swapped"))
    }

    @Test(arguments: [
        ("p:swap('interceptor', 'x.lua', { drain = 'keys' })", "drain = 'keys' is for the partitioner"),
        (
            "p:swap('partitioner', 'x.lua', { drain = 'all' })",
            "option 'drain' of swap must be 'none', 'keys' or 'flush'"
        ),
        ("p:swap('partitioner', 'x.lua', { drian = 'keys' })", "swap has no option 'drian'"),
        ("p:swap('partitioner', { 'x.lua', drian = 'keys' })", "swap has no option 'drian'"),
        ("p:swap('partitioner', 'x.lua', { instances = 2 })", "kafka.producer sets it, and it stays 1"),
        ("p:swap('partitioner', { 'x.lua', 'y.lua' })", "a partitioner is one file"),
        ("kafka.producer{ partitioner = { 'x.lua', on_error = 'ignore' } }", "must be 'fail' or 'default'"),
        ("kafka.producer{ partitioner = { 'x.lua', instances = 0 } }", "must be an integer from 1 to 64"),
    ])
    func mistakesAreNamed(_ mistake: (script: String, message: String)) async throws {
        let transcript = try await run(
            "local p <close> = kafka.producer{}\n\(mistake.script)", on: try await TestBroker())
        #expect(transcript.error?.message.contains(mistake.message) == true, "\(transcript.error?.message ?? "")")
    }
}
