import KafkaProducer
import LuaRuntime
import Testing

@Suite struct FutureTests {
    @Test func aFutureGivesMetadataOrTheErrorAsOftenAsItIsAsked() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local future = send("t", "k", "v")
            local first, second = future:get(), future:get(0)
            assert(first ~= second and first.offset == second.offset)
            return first.topic, first.partition, first.offset, future:done(), tostring(future)
            """)
        #expect(transcript.texts == ["t", "0", "0", "true", "t-0 @ 0"])
    }

    @Test func getReturnsAtTheEndOfItsTime() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker, [("linger.ms", "60000"), ("delivery.timeout.ms", "120000")])
            .run(
                """
                local future = send("t", "k", "v")
                local text, done = tostring(future), future:done()
                local md, err = future:get(0.01)
                assert(md == nil and err.name == "TIMED_OUT" and err.retriable)
                for _ = 1, 100 do future:get(0) end
                flush()
                return text, done, future:done(), future:get().offset
                """)
        #expect(transcript.texts == ["kafka.future: pending", "false", "true", "0"])
    }

    @Test func onDoneHearsOfPastAndComingDeliveries() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local future = send("t", "k", "v")
            future:on_done(function(md, err) print("before", md.offset, err) end)
            future:get()
            future:on_done(function(md, err) print("after", md.offset, err) end)
            print("not within on_done")
            kafka.poll()
            """)
        #expect(transcript.output == ["before\t0\tnil", "not within on_done", "after\t0\tnil"])
    }

    @Test func misuseOfAFutureRaises() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local future = send("t", "k", "v")
            local function message(f, ...) return (select(2, pcall(f, ...))) end
            return message(future.get, future, "x"), message(future.on_done, future), message(future.get, {})
            """)
        #expect(
            transcript.texts == [
                "bad argument #1 to 'get' (number expected, got string)",
                "bad argument #1 to 'on_done' (function expected, got no value)",
                "calling 'get' on bad self (kafka.future expected, got table)",
            ])
    }

    @Test func failuresAreTablesThatPrint() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local future, err = send("t", "k", ("x"):rep(2000000))
            assert(future == nil)
            return err.name, err.code, err.retriable, err.fatal, err.abortable, err.message, tostring(err)
            """)
        let texts = transcript.texts
        #expect(texts.prefix(5) == ["RECORD_TOO_LARGE", "-1", "false", "false", "false"])
        #expect(texts[5].contains("max.request.size=1048576"))
        #expect(texts[6] == "RECORD_TOO_LARGE: \(texts[5])")
        #expect(transcript.deliveries.map(\.failed) == [1])
    }

    @Test func aBrokersErrorHasItsCode() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            local future, err = send("no such/topic", "k", "v")
            return future, err.name, err.code, err.retriable
            """)
        #expect(transcript.texts == ["nil", "INVALID_TOPIC_EXCEPTION", "17", "false"])
    }

    @Test func nobodyThereIsSaidInBoundedTime() async throws {
        let transcript = try await ScriptRunner(nil, [("max.block.ms", "200")]).run(
            """
            local future, err = send("t", "k", "v")
            assert(future == nil)
            local count, other = kafka.producer{ ["max.block.ms"] = 100 }:partitions("t")
            return err.name, err.message, count, other.name
            """)
        #expect(transcript.texts.first == "TIMED_OUT")
        #expect(transcript.texts[1].contains("topic 't' not present in metadata after 200 ms"))
        #expect(transcript.texts[1].contains("127.0.0.1:1"))
        #expect(transcript.texts.suffix(2) == ["nil", "TIMED_OUT"])
    }
}
