import KafkaProducer
import LuaRuntime
import Testing

@Suite struct TransactionTests {
    /// Runs a script that finds a transactional producer as `p`.
    private func run(
        _ script: String, on broker: TestBroker, id: String = "t", _ properties: [(String, String)] = [],
        onPrint: @escaping @Sendable (String, @escaping @Sendable () -> Void) -> Void = { _, _ in }
    ) async throws -> ScriptTranscript {
        try await ScriptRunner(broker, [("transactional.id", id)] + properties).run(
            "local p = kafka.producer()\n" + script, onPrint: onPrint)
    }

    @Test(arguments: [Int16(0), 1, 2])
    func whatTheFunctionReturnsIsReturnedOnceItIsCommitted(version: Int16) async throws {
        let broker = try await TestBroker(partitions: 1, transactionVersion: version)
        let transcript = try await run(
            """
            local function pair(a, b)
                return p:transaction(function(tx)
                    assert(tx:send("orders", "k", a))
                    assert(tx:send{ topic = "orders", value = b })
                    return a, nil, b, nil
                end)
            end
            pair("a", "b")
            return select("#", pair("c", "d")), pair("e", "f")
            """, on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["4", "e", "nil", "f", "nil"])
        #expect(try broker.committed("orders") == ["a", "b", "c", "d", "e", "f"])
    }

    @Test func whatTheFunctionRaisesAbortsAndIsRaisedAsItIs() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """
            local mine = setmetatable({}, { __tostring = function() return "mine" end })
            local ok, err = pcall(p.transaction, p, function(tx)
                assert(tx:send("orders", "k", "lost"))
                error(mine)
            end)
            p:transaction(function(tx) assert(tx:send("orders", "k", "kept")) end)
            return ok, err == mine, tostring(err)
            """, on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["false", "true", "mine"])
        #expect(try broker.committed("orders") == ["kept"])
        #expect(try await broker.records(of: "orders").map(\.valueText) == ["kept", "lost"].sorted(by: >))
    }

    @Test func anErrorKeepsItsPlaceAndItsTraceback() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """
            local function inner() error("no") end
            p:transaction(function(tx) inner() end)
            """, on: broker)
        #expect(transcript.error?.description == "test.lua:2: no")
        #expect(transcript.error?.traceback.contains("test.lua:2: in upvalue 'inner'") == true)
    }

    /// The line is that of the script that called, not of the method's own Lua.
    @Test func aCommitThatFailsIsRaisedWhereTheTransactionWasCalled() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """

            p:transaction(function(tx) tx:send("orders", "k", ("x"):rep(2000000)) end)
            """, on: broker)
        #expect(transcript.error?.script == "test.lua")
        #expect(transcript.error?.line == 3)
    }

    @Test func aRecordThatFailsAbortsAndItsErrorIsRaised() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """
            local ok, err = pcall(p.transaction, p, function(tx)
                assert(tx:send("orders", "k", "lost"))
                local sent, why = tx:send("orders", "k", ("x"):rep(2000000))
                assert(sent == nil and why.name == "RECORD_TOO_LARGE")
            end)
            p:transaction(function(tx) assert(tx:send("orders", "k", "kept")) end)
            return ok, err.name, err.abortable, err.fatal, tostring(err):match("^RECORD_TOO_LARGE: ") ~= nil
            """, on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["false", "RECORD_TOO_LARGE", "true", "false", "true"])
        #expect(try broker.committed("orders") == ["kept"])
    }

    @Test(arguments: [Int16(0), 2])
    func offsetsAreCommittedWithTheRecords(version: Int16) async throws {
        let broker = try await TestBroker(partitions: 2, transactionVersion: version)
        let transcript = try await run(
            """
            p:transaction(function(tx) assert(tx:send("input", "k", "there is such a topic")) end)
            local places = {
                { topic = "input", partition = 0, offset = 42 },
                { topic = "input", partition = 1, offset = 7, leader_epoch = 0, metadata = "by hand" },
            }
            pcall(p.transaction, p, function(tx)
                assert(tx:send_offsets(places, "lost"))
                error("no")
            end)
            p:transaction(function(tx)
                assert(tx:send("input", "k", "v"))
                assert(tx:send_offsets({}, "nobody"))
                assert(tx:send_offsets(places, { group_id = "copiers" }))
            end)
            """, on: broker)
        #expect(transcript.error == nil)
        #expect(broker.committedOffset(ofGroup: "copiers", topic: "input", partition: 0) == 42)
        #expect(broker.committedOffset(ofGroup: "copiers", topic: "input", partition: 1) == 7)
        #expect(broker.committedOffset(ofGroup: "lost", topic: "input", partition: 0) == nil)
    }

    @Test(arguments: [
        (#"p:transaction()"#, "test.lua:2: bad argument #1 to 'transaction' (function expected, got nil)"),
        (#"p:transaction(7)"#, "test.lua:2: bad argument #1 to 'transaction' (function expected, got number)"),
        (
            #"p:transaction(function(tx) tx:send_offsets("x", "g") end)"#,
            "test.lua:2: bad argument #1 to 'send_offsets' (table expected, got string)"
        ),
        (
            #"p:transaction(function(tx) tx:send_offsets({{ topic = "t", partition = 0 }}, "g") end)"#,
            "test.lua:2: field 'offset' of argument #1 must be an integer, got nil"
        ),
        (
            #"p:transaction(function(tx) tx:send_offsets({ 5 }, "g") end)"#,
            "test.lua:2: bad argument #1 to 'send_offsets' (item 1 must be {topic =, partition =, offset =})"
        ),
        (
            #"p:transaction(function(tx) tx:send_offsets({}, {}) end)"#,
            "test.lua:2: field 'group_id' of argument #2 must be a string, got nil"
        ),
        (
            #"p:transaction(function(tx) late = tx end) late:send("t", "k", "v")"#,
            "test.lua:2: the transaction has ended"
        ),
    ])
    func wrongCallsAreNamed(call: String, message: String) async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(call, on: broker)
        #expect(transcript.error?.description == message)
    }

    @Test(arguments: [
        (#"p:send("orders", "k", "v")"#, "no transaction is open"),
        (#"p:transaction(function() p:transaction(print) end)"#, "beginTransaction"),
        (#"kafka.producer{ ["transactional.id"] = "" }"#, "transactional.id"),
    ])
    func whatCannotBeNowIsRefused(call: String, message: String) async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            "local ok, a, b = pcall(function() return \(call) end) return tostring(b or a)", on: broker)
        #expect(transcript.texts.first?.contains(message) == true, "\(transcript.texts)")
    }

    @Test func aProducerWithoutAnIdSaysWhatIsMissing() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            "return pcall(kafka.producer().transaction, kafka.producer(), print)")
        #expect(transcript.texts.last?.contains("transactional.id") == true, "\(transcript.texts)")
    }

    @Test func theStepsCanBeTakenOneByOne() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """
            local early, err = p:begin_transaction()
            assert(early == nil and err.name == "ILLEGAL_STATE")
            assert(p:init_transactions())
            assert(p:begin_transaction())
            assert(p:send("orders", "k", "a"))
            assert(p:send_offsets_to_transaction({ { topic = "orders", partition = 0, offset = 1 } }, "g"))
            assert(p:commit_transaction())
            assert(p:begin_transaction())
            assert(p:send("orders", "k", "b"))
            assert(p:abort_transaction())
            p:transaction(function(tx) assert(tx:send("orders", "k", "c")) end)
            """, on: broker)
        #expect(transcript.error == nil)
        #expect(try broker.committed("orders") == ["a", "c"])
        #expect(broker.committedOffset(ofGroup: "g", topic: "orders", partition: 0) == 1)
    }

    @Test func aFunctionMayYieldAndItsCallbacksRun() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """
            local heard = 0
            local co = coroutine.wrap(function()
                return p:transaction(function(tx)
                    for i = 1, 3 do
                        tx:send("orders", "k", "v" .. i, function(md, err) assert(md.offset); heard = heard + 1 end)
                        coroutine.yield(i)
                    end
                    return "done"
                end)
            end)
            return co(), co(), co(), co(), heard
            """, on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["1", "2", "3", "done", "3"])
        #expect(try broker.committed("orders") == ["v1", "v2", "v3"])
    }

    @Test func aZombieIsFencedAndSaysSo() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """
            p:transaction(function(tx) assert(tx:send("orders", "k", "old")) end)
            local heir = kafka.producer()
            heir:transaction(function(tx) assert(tx:send("orders", "k", "new")) end)
            local function write() return p:transaction(function(tx) assert(tx:send("orders", "k", "zombie")) end) end
            local ok, err = pcall(write)
            local again, same = pcall(write)
            return ok, err.name, again, same.name, same.fatal
            """, on: broker)
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["false", "INVALID_PRODUCER_EPOCH", "false", "PRODUCER_FENCED", "true"])
        #expect(try broker.committed("orders") == ["old", "new"])
    }

    @Test func theGlobalOneIsThatOfSend() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """
            return transaction(function(tx)
                assert(send("orders", "k", "a"))
                assert(tx:send("orders", "k", "b"))
                return "done"
            end)
            """, on: broker)
        #expect(transcript.texts == ["done"])
        #expect(try broker.committed("orders") == ["a", "b"])
    }

    /// Ctrl-C within the function: nothing of it stays, and the next transaction finds the way free.
    @Test func anInterruptionAborts() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """
            local co = coroutine.create(function()
                p:transaction(function(tx)
                    assert(tx:send("orders", "k", "lost"))
                    print("sent")
                    while true do end
                end)
            end)
            coroutine.resume(co)
            """, on: broker
        ) { _, interrupt in interrupt() }
        #expect(transcript.error?.kind == .interrupted)
        #expect(try broker.committed("orders") == [])
        let next = try await run(
            #"p:transaction(function(tx) assert(tx:send("orders", "k", "kept")) end)"#, on: broker)
        #expect(next.error == nil)
        #expect(try broker.committed("orders") == ["kept"])
    }

    /// What is open when a script ends is aborted then, and not by its time-out: readers are not held up.
    @Test(arguments: ["", "os.exit(3)", "p:close()"])
    func theEndAborts(end: String) async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await run(
            """
            assert(p:init_transactions())
            assert(p:begin_transaction())
            assert(p:send("orders", "k", "lost"):get())
            \(end)
            """, on: broker)
        #expect(transcript.exitCode == (end.isEmpty || end == "p:close()" ? nil : 3))
        let other = try await run(
            #"p:transaction(function(tx) assert(tx:send("orders", "k", "kept")) end)"#, on: broker, id: "other")
        #expect(other.error == nil)
        // The last stable offset has gone past the open one.
        #expect(try broker.committed("orders") == ["kept"])
    }

    @Test func aCoordinatorThatIsNotThereIsATimeOutThatCanBeRepeated() async throws {
        let transcript = try await ScriptRunner(nil, [("transactional.id", "t"), ("max.block.ms", "50")]).run(
            """
            local p = kafka.producer()
            local ok, err = pcall(p.transaction, p, print)
            local again, same = pcall(p.transaction, p, print)
            return err.name, err.retriable, same.name, tostring(err)
            """)
        #expect(transcript.texts.prefix(3) == ["TIMED_OUT", "true", "TIMED_OUT"])
        #expect(transcript.texts.last?.contains("initTransactions did not end within 50 ms (max.block.ms)") == true)
    }
}
