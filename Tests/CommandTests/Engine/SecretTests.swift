import ChildProcess
import DevBroker
import Logging
import TestSupport
import Testing

/// A secret that is given in any way is seen in no output.
@Suite struct SecretTests {
    /// Nothing else that is printed looks like it.
    private static let secret = "hunter2-Zq9"

    private func withBroker(_ body: (String) async throws -> Void) async throws {
        var configuration = DevBrokerConfiguration()
        configuration.sasl = .init(users: ["alice": .init(Self.secret)])
        configuration.logger.logLevel = .critical
        let broker = DevBroker(configuration)
        try await broker.start()
        try await body(broker.bootstrapServers)
        try await broker.shutdown()
    }

    private static let jaas =
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"alice\" password=\"\(secret)\";"

    /// Ways of giving it, each a list of arguments.
    private static let ways = [
        [
            "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanism=PLAIN", "-X", "sasl.username=alice", "-X",
            "sasl.password=\(secret)",
        ],
        [
            "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanism=SCRAM-SHA-512", "-X",
            "sasl.jaas.config=\(jaas)",
        ],
    ]

    private func expectNoSecret(
        _ outcome: Outcome, _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(!outcome.output.contains(Self.secret), what, sourceLocation: sourceLocation)
        #expect(!outcome.errors.contains(Self.secret), what, sourceLocation: sourceLocation)
    }

    private func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        try await ChildProcess.run(
            Program.path(), arguments, input: input, environment: Program.environment, within: .seconds(20))
    }

    @Test(arguments: ways) func commandsThatSucceed(way: [String]) async throws {
        try await withBroker { servers in
            let common = ["-b", servers, "-v"] + way
            let script = """
                local p = kafka.producer()
                print(p, kafka.json.encode(p:metrics()), kafka)
                for k, v in pairs(p:metrics()) do print(k, v) end
                print(p:send{topic = "t", value = "v"}:get().offset)
                error(tostring(p))
                """
            let sent = try await run(["send", "-t", "t"] + common, input: "a\nb\n")
            #expect(sent.status == 0, "\(sent.errors)")
            expectNoSecret(sent, "send")
            let tail = try await run(["tail", "t", "-e"] + common)
            #expect(tail.status == 0, "\(tail.errors)")
            #expect(tail.lines.count >= 2)
            expectNoSecret(tail, "tail")
            let ran = try await run(["run", "-e", script] + common)
            #expect(ran.status == 1)
            #expect(ran.output.contains("record-send-total"))
            expectNoSecret(ran, "run")
            for format in ["table", "json", "markdown", "properties"] {
                let listing = try await run(["config", "-o", format] + way)
                #expect(listing.status == 0, "\(listing.errors)")
                expectNoSecret(listing, "config -o \(format)")
            }
        }
    }

    /// With what is nearly right, or nearly a key: errors repeat what was given.
    @Test(arguments: [
        ["-X", "sasl.mechanism=PLAIN", "-X", "sasl.username=alice", "-X", "sasl.password=\(secret)x"],
        ["-X", "sasl.mechanism=SCRAM-SHA-256", "-X", "sasl.username=bob", "-X", "sasl.password=\(secret)"],
        ["-X", "sasl.mechanism=PLAIN", "-X", "sasl.passwrd=\(secret)"],
        ["-X", "sasl.mechanism=PLAIN", "-X", "sasl.password \(secret)"],
        ["-X", "sasl.mechanism=PLAIN", "-X", "sasl.password=\(secret)"],
        ["-X", "sasl.mechanism=PLAIN", "-X", "sasl.jaas.config=\(secret)"],
        ["-X", "sasl.mechanism=SCRAM-SHA-512", "-X", "sasl.jaas.config=\(jaas.dropLast())"],
        ["-X", "sasl.mechanism=PLAIN", "-X", "sasl.jaas.config=\(jaas)"],
        ["-X", "sasl.mechanism=OAUTHBEARER", "-X", "sasl.oauthbearer.token=\(secret)"],
        ["-X", "ssl.key.password=\(secret)", "-X", "ssl.keystore.key=-----BEGIN PRIVATE KEY-----\(secret)"],
        ["-X", "security.protocol=SASL_SSL", "-X", "ssl.truststore.certificates=\(secret)"],
    ]) func commandsThatFail(way: [String]) async throws {
        try await withBroker { servers in
            let common =
                ["-b", servers, "-v", "-X", "security.protocol=SASL_PLAINTEXT", "-X", "max.block.ms=2000"] + way
            for arguments in [
                ["send", "-t", "t", "v"], ["tail", "t", "-e"], ["run", "-e", "print(send('t', 'k', 'v'):get())"],
            ] {
                let outcome = try await run(arguments + common)
                #expect(outcome.status != 0, "\(arguments) \(outcome.output)")
                #expect(!outcome.errors.isEmpty)
                expectNoSecret(outcome, "\(arguments) \(outcome.errors)")
            }
        }
    }

    @Test func filesWithSecretsAndMistakes() async throws {
        let folder = try TemporaryFolder()
        for (name, text) in [
            ("good", "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=\(Self.jaas)\n"),
            ("misspelt", "sasl.pasword=\(Self.secret)\n"), ("without", "sasl.password \(Self.secret)\nbatch.size=x\n"),
        ] {
            let path = try folder.write(Array(text.utf8), to: "\(name).properties")
            let outcome = try await run([
                "send", "-b", "127.0.0.1:1", "-t", "t", "-F", path, "-X", "max.block.ms=100", "-v", "v",
            ])
            #expect(outcome.status != 0)
            expectNoSecret(outcome, "\(name): \(outcome.errors)")
        }
    }

    /// What is typed is on the screen; it is not kept.
    @Test func thePromptKeepsNone() async throws {
        let folder = try TemporaryFolder()
        var environment = Program.environment
        environment["XDG_STATE_HOME"] = folder.path
        var terminal = try PseudoTerminal(Program.path(), environment: environment)
        _ = try terminal.read(upTo: "kafka> ")
        terminal.type("p = kafka.producer{['sasl.mechanism'] = 'PLAIN', ['sasl.password'] = '\(Self.secret)'}\r")
        _ = try terminal.read(upTo: "error")
        _ = try terminal.read(upTo: "kafka> ")
        // The echo may have a prompt in it; what follows "done" is a new one.
        terminal.type("kept = 1; print('do' .. 'ne')\r")
        _ = try terminal.read(upTo: "done")
        _ = try terminal.read(upTo: "kafka> ")
        terminal.type("\u{04}")
        #expect(try terminal.finish().status == 0)
        let history = String(decoding: try folder.bytes(of: "kafka-lua/history"), as: UTF8.self)
        #expect(history.contains("kept = 1"))
        #expect(!history.contains(Self.secret))
    }

    /// A secret of the command line or of a file, whatever it stands in.
    @Test func thePromptKeepsNoLineWithAConfiguredSecret() async throws {
        let folder = try TemporaryFolder()
        var environment = Program.environment
        environment["XDG_STATE_HOME"] = folder.path
        let file = try folder.write(
            Array("bootstrap.servers=127.0.0.1:1\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=\(Self.jaas)\n".utf8),
            to: "staging.properties")
        let given = ["sasl.mechanism=PLAIN", "sasl.username=a", "sasl.password=\(Self.secret)k"].flatMap { ["-X", $0] }
        var terminal = try PseudoTerminal(Program.path(), given, environment: environment)
        var shown = try terminal.read(upTo: "kafka> ")
        for line in ["x = 1 -- \(Self.secret)k", "\\set", "\\use \(file)", "y = '\(Self.secret)'", "\\set"] {
            terminal.type("\(line)\r")
            _ = try terminal.read(upTo: "\r\n")
            shown += try terminal.read(upTo: "kafka> ")
        }
        #expect(shown.contains("sasl.jaas.config = ***"))
        #expect(shown.contains("sasl.password = ***"))
        terminal.type("kept = 1;\r")
        _ = try terminal.read(upTo: "\r\n")
        _ = try terminal.read(upTo: "kafka> ")
        terminal.type("\u{04}")
        #expect(try terminal.finish().status == 0)
        let history = String(decoding: try folder.bytes(of: "kafka-lua/history"), as: UTF8.self)
        #expect(history.contains("kept = 1;") && history.contains("\\\\use "))
        #expect(!history.contains(Self.secret))
        #expect(!shown.contains(Self.secret))
    }

    /// What is set at the prompt, rightly or wrongly, in a terminal: neither answers nor the history repeat it.
    @Test func settingOneIsNotRepeated() async throws {
        let folder = try TemporaryFolder()
        var environment = Program.environment
        environment["XDG_STATE_HOME"] = folder.path
        // Wide enough that the end of a row is the end of what was typed.
        var terminal = try PseudoTerminal(Program.path(), environment: environment, columns: 400)
        _ = try terminal.read(upTo: "kafka> ")
        let plain =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"alice\" "
            + "password=\"\(Self.secret)\";"
        var shown = ""
        for line in [
            "\\set sasl.mechanism PLAIN", "\\set sasl.username alice", "\\set sasl.password \(Self.secret)",
            "\\set sasl.password", "\\set sasl.passwrd \(Self.secret)", "\\set sasl.jaas.config \(Self.secret)",
            "\\set sasl.jaas.config '\(plain)'",
            "\\set ssl.key.password \(Self.secret)", "\\set ssl.keystore.key \(Self.secret)",
            "\\set sasl.username=alice sasl.password=\(Self.secret)", "\\set acks=all sasl.password \(Self.secret)",
            "\\set linger.ms \(Self.secret)", "\\use \(Self.secret)", "x = '\(Self.secret)'", "\\set",
            "\\help sasl.password",
        ] {
            terminal.type("\(line)\r")
            _ = try terminal.read(upTo: "\r\n", within: .seconds(60))
            let answer = try terminal.read(upTo: "kafka> ", within: .seconds(60))
            // What belongs to no secret is told again, as is right.
            if !line.hasPrefix("\\set linger.ms"), !line.hasPrefix("\\use") { shown += answer }
        }
        #expect(shown.contains("sasl.jaas.config = ***"))
        #expect(!shown.contains(Self.secret))
        terminal.type("\u{04}")
        #expect(try terminal.finish(within: .seconds(60)).status == 0)
        let history = String(decoding: try folder.bytes(of: "kafka-lua/history"), as: UTF8.self)
        #expect(history.contains("sasl.mechanism") == false && history.contains("\\\\set\n"))
        #expect(!history.contains(Self.secret))
    }

    @Test(arguments: ways) func figuresAndPagesTellNone(way: [String]) async throws {
        try await withBroker { servers in
            let folder = try TemporaryFolder()
            let page = "\(folder.path)/page.html"
            for output in [["--html", page], ["--json"]] {
                let outcome = try await run(
                    ["perf", "-t", "t", "--records", "100", "-b", servers, "-v"] + output + way)
                #expect(outcome.status == 0, "\(outcome.errors)")
                expectNoSecret(outcome, "perf \(output)")
            }
            #expect(!String(decoding: try folder.bytes(of: "page.html"), as: UTF8.self).contains(Self.secret))
            let prompt = try await run(
                ["-b", servers, "-v"] + way,
                input: "send('t', 'k', 'v'):get().topic\n\\topics\n\\set\n\\scripts\n\\topic t\n")
            #expect(prompt.status == 0, "\(prompt.errors)")
            #expect(prompt.output.contains("***"))
            expectNoSecret(prompt, "the prompt")
        }
    }

    /// The embedded broker does not tell its users' passwords either.
    @Test func theBrokerTellsNone() async throws {
        var broker = try Program.start(
            "broker", "--port", "0", "--user", "alice:\(Self.secret)", "--sasl-mechanisms", "PLAIN", "-v")
        let address = try #require(try broker.readLine())
        let refused = try await run(["send", "-b", address, "-t", "t", "v", "-X", "max.block.ms=500"])
        #expect(refused.status == 1)
        broker.signal(15)
        let outcome = try broker.finish()
        expectNoSecret(outcome, "\(outcome.errors)")
        let wrong = try await run(["broker", "--user", Self.secret])
        #expect(wrong.status != 0)
        expectNoSecret(wrong, "\(wrong.errors)")
    }
}
