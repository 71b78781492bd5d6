import ChildProcess
import DevBroker
import KafkaWire
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The program as people run it.
@Suite(.serialized) struct ProgramTests {
    /// A broker in this process, for children to talk to.
    private func withBroker(_ body: (String) async throws -> Void) async throws {
        let broker = DevBroker()
        try await broker.start()
        try await body(broker.addresses.map(\.description).joined(separator: ","))
        try await broker.shutdown()
    }

    // MARK: - Scripts

    @Test func aFileRunsWithItsArgumentsAgainstABroker() async throws {
        try await withBroker { address in
            let script = "\(Self.examples)/ten_records.lua"
            let outcome = try await Program.run("run", "-b", address, script, "tens")
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
            #expect(outcome.lines.count == 10)
            #expect(outcome.lines.allSatisfy { $0.hasPrefix("topic=tens partition=") })
            let tail = try await Program.run("tail", "-b", address, "tens", "-e", "--output", "json")
            #expect(tail.status == 0)
            #expect(tail.lines.count == 10)
        }
    }

    @Test func pluginsAreNamedOnTheCommandLine() async throws {
        let send = "print(send{topic='t', key='Banana', value='v'}:get().partition)"
        let outcome = try await Program.run(
            "run", "-X", "partitioner.class=\(Self.examples)/banana.lua", "-X",
            "interceptor.classes=\(Self.examples)/mask.lua", "-X", "key_serializer=string", "-e", send)
        #expect(outcome.errors == "")
        #expect(outcome.output == "2\n")
    }

    @Test func whatAPluginPrintsIsNoResult() async throws {
        let folder = try TemporaryFolder()
        let plugin = try folder.write(
            Array("return { partition = function(r) print('asked', r.key, nil) return 1 end }".utf8), to: "p.lua")
        let send = "print(send{topic='t', key='k', value='v'}:get().partition)"
        let outcome = try await Program.run("run", "-X", "partitioner.class=\(plugin)", "-e", send)
        #expect(outcome.output == "1\n")
        // Once when it was tried.
        #expect(outcome.errors == "asked\t0\tnil\nasked\tk\tnil\n")
    }

    @Test func theBananaRunsAsAScriptWithItselfAsThePartitioner() async throws {
        try await withBroker { address in
            let outcome = try await Program.run("run", "-b", address, "\(Self.examples)/banana.lua")
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
            #expect(outcome.lines.filter { $0.hasPrefix("Banana\tpayments-2 @ ") }.count == 3)
        }
    }

    @Test func standardInputAndTheCommandLineAreScriptsToo() async throws {
        let input = try await Program.run("run", "-", "a", input: "print(arg[0], arg[1], ...)")
        #expect(input.output == "stdin\ta\ta\n")
        let code = try await Program.run("run", "-e", "io.write('io ') print(...) io.write('again')", "x", "y")
        #expect(code.output == "io x\ty\nagain")
        let short = try await Program.run("-e", #"print(send{topic="orders", key="k1", value="你好"}:get().offset)"#)
        #expect(short.output == "0\n")
        #expect([input.status, code.status, short.status] == [0, 0, 0])
    }

    @Test(arguments: [
        ("local x = nil\nprint(x.y)", 1, "(command line):2: attempt to index a nil value (local 'x')"),
        ("print(", 1, "(command line):1: unexpected symbol near <eof>"),
        ("error('plain', 0)", 1, "plain"),
        ("os.exit(7)", 7, ""),
        ("send('t', nil, 'v', function() os.exit(3) end)", 3, ""),
        ("send('t', nil, ('x'):rep(2000000))", 1, "t: 1 record was not delivered: RECORD_TOO_LARGE"),
        ("send('t', nil, 'v', function() error('late') end)", 0, "(command line):1: late"),
    ])
    func aScriptsEndIsTheExitCode(_ end: (script: String, status: Int32, message: String)) async throws {
        let outcome = try await Program.run("-e", end.script)
        #expect(outcome.status == end.status)
        if end.message.isEmpty { #expect(outcome.errors == "") }
        #expect(outcome.errors.contains(end.message))
    }

    @Test func linesOfInputAreRunOneByOneAndPrintedAsJSON() async throws {
        let outcome = try await Program.run(
            input: """
                x = 6 * 7
                x
                = { 1, "two", n = 3 }
                function f()
                  return "f"
                end
                f(), nil
                send("orders", "k", "v"):get().topic
                """)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(outcome.lines.first == "42")
        #expect(outcome.lines.suffix(3) == [#""f""#, "null", #""orders""#])
    }

    @Test func theUsersOwnFileIsRunFirst() async throws {
        let folder = try TemporaryFolder()
        let state = try TemporaryFolder()
        _ = try folder.write(Array("greeting = 'hi'\nlocal x = nil\nprint(x.y)".utf8), to: "init.lua")
        #expect(symlink(folder.path, "\(state.path)/kafka-lua") == 0)
        let outcome = try await ChildProcess.run(
            Program.path(), [], input: "greeting\n",
            environment: Program.environment.merging(["XDG_CONFIG_HOME": state.path]) { $1 })
        #expect(outcome.output == "\"hi\"\n")
        #expect(outcome.errors.contains("init.lua:3: attempt to index a nil value (local 'x')"))
        #expect(outcome.status == 0)
    }

    @Test func theFirstErrorInTheInputEndsIt() async throws {
        let outcome = try await Program.run(input: "1 + 1\nnowhere.at_all\n3\n")
        #expect(outcome.status == 1)
        #expect(outcome.output == "2\n")
        #expect(outcome.errors.contains("stdin:1: attempt to index a nil value (global 'nowhere')"))
    }

    @Test func linesThatCannotBeDeliveredGoToTheDeadLetters() async throws {
        try await withBroker { address in
            let long = String(repeating: "x", count: 2000)
            let outcome = try await Program.run(
                "run", "-b", address, "-X", "max.request.size=1000", "\(Self.examples)/dead_letter.lua", "orders",
                input: "one\n\(long)\nthree\n")
            #expect(outcome.output == "2 of 3 lines delivered, 1 in orders.dlq\n")
            #expect(outcome.errors.contains("orders: 1 record was not delivered: RECORD_TOO_LARGE"))
            #expect(outcome.status == 1)
            let tail = try await Program.run("tail", "-b", address, "orders.dlq", "-e", "--output", "json")
            try #require(tail.lines.count == 1)
            #expect(tail.lines[0].contains(long))
            for header in [#""orders""#, #""2""#, "RECORD_TOO_LARGE"] { #expect(tail.lines[0].contains(header)) }
        }
    }

    @Test func theDefinitionsArePrinted() async throws {
        let outcome = try await Program.run("lua-definitions")
        #expect(outcome.status == 0)
        #expect(outcome.lines.first == "---@meta kafka")
        #expect(outcome.output.contains("function kafka.every(seconds, fn) end"))
        #expect(outcome.output.contains(#"---@field ["linger.ms"]? integer"#))
    }

    @Test func aWorkerThatFailsFailsTheScript() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("error('boom')".utf8), to: "worker.lua")
        let outcome = try await Program.run("run", "-e", "kafka.workers(2, ...)", path)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("worker.lua:1: boom"))
    }

    @Test func standardInputIsReadLineByLineWhileTimersRun() async throws {
        var child = try Program.start(
            "-e", "kafka.every(0.001, function(t) t:cancel() print('beat') end) for l in kafka.lines() do print(l) end")
        #expect(try child.readLine() == "beat")
        try child.write("one\n")
        #expect(try child.readLine() == "one")
        #expect(try child.finish(within: .seconds(15)).status == 0)
    }

    @Test func aBrokerThatIsNamedBehindTheScriptIsItsArgument() async throws {
        let script = "\(Self.examples)/banana.lua"
        let outcome = try await Program.run("run", script, "-b", "127.0.0.1:1")
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("hint: -b after the script is an argument of the script's"))
    }

    @Test func errorsShowThePlaceAndTheScriptsOwnLines() async throws {
        let folder = try TemporaryFolder()
        let wrong = try folder.write(Array("local x = 1\nlocal y = x +* 2\n".utf8), to: "wrong.lua")
        let syntax = try await Program.run("run", wrong)
        #expect(syntax.errors.hasSuffix("unexpected symbol near '*'\n  local y = x +* 2\n               ^\n"))
        let marked = try await Program.run(input: "= x +* 2\n")
        #expect(marked.errors.hasSuffix("unexpected symbol near '*'\n  = x +* 2\n       ^\n"))
        let text = "local function g() kafka.sleep({}) end\nlocal function h() g() return 1 end\nh()\n"
        let deep = try folder.write(Array(text.utf8), to: "deep.lua")
        let traced = try await Program.run("run", deep)
        #expect(traced.errors.contains("deep.lua:1: in upvalue 'g'\n"))
        #expect(traced.errors.contains("deep.lua:3: in main chunk\n"))
        #expect(!traced.errors.contains("[C]") && !traced.errors.contains("stack traceback"))
        let unquoted = try await Program.run("run", "-e", "send(orders, 'k', 'v')")
        #expect(unquoted.errors.contains(#"hint: orders has no value; a text needs quotes: "orders""#))
    }

    // MARK: - Records

    @Test func theBrokerServesSendAndTailAndKeepsWhatItHas() async throws {
        let folder = try TemporaryFolder()
        for expected in [["k1:a", "k1:b"], ["k1:a", "k1:b", "k1:a", "k1:b"]] {
            var broker = try Program.start("broker", "--port", "0", "--data", folder.path)
            let address = try #require(try broker.readLine())
            let send = try await Program.run(
                "send", "-b", address, "-t", "orders", "--key-delimiter", ":",
                input: expected.prefix(2).joined(separator: "\n"))
            #expect(send.status == 0)
            let tail = try await Program.run("tail", "-b", address, "orders", "-e", "--output", "json")
            #expect(tail.status == 0)
            #expect(tail.lines.count == expected.count)
            for (line, record) in zip(tail.lines, expected) {
                #expect(line.contains(#""key":"k1""#))
                #expect(line.contains(#""value":"\#(record.suffix(1))""#))
            }
            broker.signal(SIGTERM)
            #expect(try broker.finish().status == 0)
        }
    }

    /// What a script aborts is not what failed.
    @Test func abortedTransfersAreNoFailure() async throws {
        try await withBroker { address in
            let outcome = try await Program.run("run", "-b", address, "\(Self.examples)/transfer.lua")
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
            #expect(outcome.lines.count == 3)
        }
    }

    /// As kcat does: all lines of the input, or none.
    @Test func linesAreSentInOneTransaction() async throws {
        var configuration = DevBrokerConfiguration()
        configuration.partitionsPerTopic = 1
        let broker = DevBroker(configuration)
        try await broker.start()
        let servers = broker.bootstrapServers
        let sent = try await Program.run(
            "send", "-b", servers, "-t", "orders", "-X", "transactional.id=t", input: "a\nb\n")
        #expect(sent.status == 0, "\(sent.errors)")
        let values = try broker.records(topic: "orders", partition: 0, committedOnly: true).map(\.value)
        #expect(values == [Array("a".utf8), Array("b".utf8)])
        let failed = try await Program.run(
            "send", "-b", servers, "-t", "orders", "-X", "transactional.id=t", "-X", "max.request.size=1000",
            input: "c\n" + String(repeating: "x", count: 2000) + "\n")
        #expect(failed.status == 1)
        #expect(failed.errors.contains("the transaction was aborted"))
        #expect(try broker.records(topic: "orders", partition: 0, committedOnly: true).count == 2)
        try await broker.shutdown()
    }

    // MARK: - What goes wrong

    @Test func aBrokerFailsAsItIsTold() async throws {
        var broker = try Program.start("broker", "--port", "0", "--faults", "late=500")
        let address = try #require(try broker.readLine())
        let lines = (0..<50).map { "\($0)" }
        let settings = ["-X", "retry.backoff.ms=1", "-X", "linger.ms=0", "-X", "batch.size=1"]
        let sent = try await ChildProcess.run(
            Program.path(), ["send", "-b", address, "-t", "shaky"] + settings,
            input: lines.joined(separator: "\n"), environment: Program.environment)
        #expect(sent.status == 0, "\(sent.errors)")
        let tail = try await Program.run(
            "tail", "-b", address, "shaky", "--from", "beginning", "-e", "--output", "json")
        #expect(tail.status == 0)
        #expect(tail.lines.count == 50)
        broker.signal(SIGTERM)
        #expect(try broker.finish().status == 0)
    }

    @Test func faultsThatThereAreNotAreRefused() async throws {
        let outcome = try await Program.run("broker", "--port", "0", "--faults", "errors=20,bogus=1")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("--faults: 'bogus' is no fault; there are seed, delay, errors"))
    }

    @Test func configurationIsListedAndAWrongKeyNamesTheNearest() async throws {
        let list = try await Program.run("config")
        #expect(list.status == 0)
        #expect(list.output.contains("linger.ms"))
        for arguments in [["-e", "print(1)"], ["send", "-t", "t", "x"]] {
            let outcome = try await ChildProcess.run(
                Program.path(), arguments + ["-X", "linger.mss=5"], environment: Program.environment)
            #expect(outcome.status == 2)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("unknown key 'linger.mss'; did you mean 'linger.ms'?"))
        }
        let value = try await Program.run("-X", "acks=5", "-e", "print(1)")
        #expect(value.status == 2)
        #expect(value.errors.contains("acks"))
    }

    @Test(arguments: ["127.0.0.1:1", "no-such-host.invalid:9092"])
    func nobodyAtTheAddressIsSaidInBoundedTime(address: String) async throws {
        let script = "local f, err = send('t', nil, 'v') print(err)"
        let outcome = try await Program.run("-b", address, "-X", "max.block.ms=300", "-e", script, within: .seconds(15))
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("topic 't' not present in metadata after 300 ms"))
        #expect(outcome.output.contains(address.prefix { $0 != ":" }))
        let send = try await Program.run(
            "send", "-b", address, "-X", "max.block.ms=300", "-t", "t", input: "line\n", within: .seconds(15))
        #expect(send.status == 1)
        #expect(send.errors.contains(address.prefix { $0 != ":" }))
    }

    @Test func aPeerThatSpeaksHTTPIsNamed() async throws {
        let peer = try HTTPPeer()
        let outcome = try await Program.run(
            "-b", "127.0.0.1:\(peer.port)", "-X", "max.block.ms=500", "-e", "print(select(2, send('t', nil, 'v')))",
            within: .seconds(15))
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("127.0.0.1:\(peer.port)"))
        #expect(outcome.output.contains("HTTP"))
    }

    // MARK: - Ctrl-C

    @Test(arguments: ["while true do end", "kafka.sleep(1000)", "future:get()", "flush()"])
    func controlCEndsAScriptAndNamesWhatIsNotDelivered(wait: String) async throws {
        let broker = DevBroker()
        try await broker.start()
        let address = broker.addresses.map(\.description).joined(separator: ",")
        var child = try Program.start(
            "-b", address, "-e",
            "send('orders', nil, 'v'):get() print('stop') io.read() local future = send('orders', nil, 'lost') "
                + "print('ready') \(wait) print('not reached')")
        #expect(try child.readLine() == "stop")
        try await broker.shutdown()
        try child.write("\n")
        #expect(try child.readLine() == "ready")
        child.signal(SIGINT)
        let outcome = try child.finish(within: .seconds(15))
        #expect(outcome.status == 130)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("orders: 1 record was not delivered"))
    }

    @Test func controlCEndsAllWorkers() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("print('ready') while true do end".utf8), to: "worker.lua")
        var child = try Program.start("run", "-e", "kafka.workers(3, ...):wait()", path)
        for _ in 1...3 { #expect(try child.readLine() == "ready") }
        child.signal(SIGINT)
        let outcome = try child.finish(within: .seconds(15))
        #expect(outcome.status == 130)
        #expect(outcome.errors == "")
    }

    private static let examples =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/") + "/scripts/examples"
}
