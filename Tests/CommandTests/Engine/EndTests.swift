import ChildProcess
import DevBroker
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How the program ends when others end it: signals, readers that leave, disks that are full.
@Suite struct EndTests {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    /// Nothing is sent before it has to be.
    private static let patient = ["-X", "linger.ms=600000", "-X", "delivery.timeout.ms=900000"]

    private func withBroker(_ body: (DevBroker) async throws -> Void) async throws {
        var configuration = DevBrokerConfiguration()
        configuration.partitionsPerTopic = 1
        let broker = DevBroker(configuration)
        try await broker.start()
        try await body(broker)
        try await broker.shutdown()
    }

    private func shell(_ text: String) async throws -> Outcome {
        try await ChildProcess.run(
            "/bin/sh", ["-c", text, Program.path()], environment: Program.environment, within: .seconds(60))
    }

    @Test(arguments: signals) func aScriptThatIsEndedDeliversWhatItHasSent(signal: CInt) async throws {
        try await withBroker { broker in
            var child = try ChildProcess(
                Program.path(),
                ["run", "-b", broker.bootstrapServers] + Self.patient + [
                    "-e", "send('t', nil, 'v') print('ready') while true do end",
                ], environment: Program.environment)
            #expect(try child.readLine(within: .seconds(60)) == "ready")
            child.signal(signal)
            let outcome = try child.finish(within: .seconds(60))
            #expect(outcome.status == 128 + signal)
            #expect(outcome.errors == "")
            #expect(try broker.records(topic: "t", partition: 0).count == 1)
        }
    }

    /// `send` with an input that has lines and no end. They are more than a pipe holds: when all were taken, some were read.
    /// They are long, so that they are delivered before a report of the progress is due, on a busy machine too.
    private func startSending(_ options: [String], in folder: TemporaryFolder) throws -> ChildProcess {
        let line = String(repeating: "y", count: 99)
        let call = "mkfifo f; exec 3<>f; (yes \(line) | head -c 1000000 >f; echo taken) & exec \"$@\" <f"
        var child = try ChildProcess(
            "/bin/sh", ["-c", "cd '\(folder.path)'; \(call)", "sh", Program.path(), "send", "-t", "t"] + options,
            environment: Program.environment)
        #expect(try child.readLine(within: .seconds(60)) == "taken")
        return child
    }

    @Test(arguments: signals) func sendDeliversTheLinesThatItHasRead(signal: CInt) async throws {
        try await withBroker { broker in
            let child = try startSending(["-b", broker.bootstrapServers] + Self.patient, in: TemporaryFolder())
            child.signal(signal)
            let outcome = try finish(child)
            #expect(outcome.status == 128 + signal)
            #expect(outcome.errors == "")
            #expect(try broker.records(topic: "t", partition: 0).count > 1000)
        }
    }

    /// All lines of the input, or none.
    @Test func aTransactionThatIsEndedIsAborted() async throws {
        try await withBroker { broker in
            let child = try startSending(
                ["-b", broker.bootstrapServers, "-X", "transactional.id=t"], in: TemporaryFolder())
            child.signal(SIGTERM)
            let outcome = try finish(child)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("the transaction was aborted"))
            #expect(try broker.records(topic: "t", partition: 0, committedOnly: true).isEmpty)
        }
    }

    private func finish(_ child: consuming ChildProcess) throws -> Outcome { try child.finish(within: .seconds(60)) }

    @Test func linesOfAPipeAreEndedBySignalsToo() async throws {
        var child = try Program.start("-b", "127.0.0.1:1")
        try child.write("print('ready') kafka.sleep(600)\n")
        #expect(try child.readLine(within: .seconds(60)) == "ready")
        child.signal(SIGTERM)
        #expect(try child.finish(within: .seconds(60)).status == 128 + SIGTERM)
    }

    @Test(arguments: [
        "run -e 'while true do print(1) end'", "run -e 'for i = 1, 100000 do print(i) end'", "config", "man", "--help",
        "lua-definitions", "completions fish",
    ]) func aReaderThatLeavesIsNoError(call: String) async throws {
        let outcome = try await shell("\"$0\" \(call) | head -n 1")
        #expect(outcome.status == 0)
        #expect(outcome.lines.count == 1)
        #expect(outcome.errors == "")
    }

    @Test(
        arguments: ["config", "run -e 'print(1)'", "run -e 'while true do print(1) end'", "--help"],
        ["/dev/full", "&-"])
    func resultsThatCannotBeWrittenAreAnError(call: String, output: String) async throws {
        guard output != "/dev/full" || access(output, W_OK) == 0 else { return }
        let outcome = try await shell("exec \"$0\" \(call) >\(output)")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("standard output cannot be written"))
    }

    /// A socket or a pipe of the program's own does not take the place of what is closed.
    @Test(arguments: [("send -t t -b 127.0.0.1:1", 1), ("run -", 1), ("", 0)])
    func inputThatIsClosedIsNoneOfTheProgramsOwn(call: String, status: Int32) async throws {
        let outcome = try await shell("exec \"$0\" \(call) <&-")
        #expect(outcome.status == status)
        if status > 0 { #expect(outcome.errors.contains("Bad file descriptor")) }
    }
}
