import Dispatch
import KafkaLua
import KafkaProducer
import LuaRuntime
import Synchronization
import Testing

/// New versions that are no good, tried while records are sent: none of these is held up for good, fails, or meets them.
@Suite struct BadVersionTests {
    struct Attempt: Sendable, CustomTestStringConvertible {
        /// The new version.
        var version: String
        /// What `on_unload` of the present one does.
        var unload: String
        var message: String

        init(_ version: String, unload: String = "return 1", _ message: String) {
            (self.version, self.unload, self.message) = (version, unload, message)
        }

        var testDescription: String { message }
    }

    private static let sound = "return { partition = function() return 1 end }"

    static let attempts = [
        Attempt("return { partition = function(r, n)", "new:1: 'end' expected near <eof>"),
        Attempt("\nerror('no')", "new:2: no"),
        Attempt("\nwhile true do end", "new:2: time limit exceeded"),
        Attempt("local s = ('x'):rep(1 << 27)", "not enough memory"),
        Attempt("return 5", "new: it must return a table of functions"),
        Attempt("return { partition = 5 }", "new: 'partition' must be a function, got number"),
        Attempt("return { partition = function() while true do end end }", "new:1: time limit exceeded"),
        Attempt("return {\npartition = function() return 8 end }", "new:2: partition returned 8"),
        Attempt(
            "return { partition = print,\non_load = function() error('not loaded') end }", "new:2: not loaded"),
        Attempt(
            "return { partition = print,\non_load = function() while true do end end }", "new:2: time limit exceeded"),
        Attempt(sound, unload: "error('not unloaded')", "old:3: not unloaded"),
        Attempt(sound, unload: "while true do end", "old:3: time limit exceeded"),
        Attempt(
            sound, unload: "return ('x'):rep(5 << 20)",
            "old:3: on_unload returned more than can be handed over, which is 4 MiB of strings"),
    ]

    @Test(arguments: attempts) func sendingGoesOn(_ attempt: Attempt) async throws {
        let broker = try await TestBroker()
        let script = try LuaScript(
            text: """
                return {
                  partition = function(r, n) return 2 end,
                  on_unload = function() \(attempt.unload) end,
                }
                """, name: "old")
        var configuration = try ProducerConfiguration(bootstrapServers: broker.bootstrapServers)
        configuration.partitioner = script.partitioner
        let producer = try Producer<String, String>(configuration)
        let tries = 3
        let done = Atomic(0)
        async let sent = withCheckedContinuation { continuation in
            DispatchQueue(label: "sender").async {
                var futures: [Result<DeliveryFuture, KafkaError>] = []
                // Some before, some while each version is tried, some after.
                while futures.count < 100 * tries || done.load(ordering: .acquiring) < tries {
                    futures.append(
                        Result { () throws(KafkaError) in
                            try producer.send(
                                ProducerRecord(topic: "t", key: "k", value: "\(futures.count)"), onCompletion: nil)
                        })
                }
                continuation.resume(returning: futures)
            }
        }
        for _ in 0..<tries {
            let error = #expect(throws: LuaError.self) { try script.swap(toText: attempt.version, name: "new") }
            #expect(error?.description.contains(attempt.message) == true, "\(error?.description ?? "")")
            done.add(1, ordering: .releasing)
        }
        let futures = await sent
        for future in futures {
            let metadata = try await future.get().value
            #expect(metadata.generation == 1)
            #expect(metadata.partition == 2)
        }
        #expect(script.generation == 1)
        await producer.close()
        #expect(try await broker.records(of: "t").map(\.valueText) == futures.indices.map { "\($0)" })
    }
}
