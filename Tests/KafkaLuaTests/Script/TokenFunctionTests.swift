import LuaRuntime
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import KafkaLua
@testable import KafkaProducer

/// Tokens that a script's function gives.
@Suite struct TokenFunctionTests {
    /// A login that waits for its token.
    private final class Login: Sendable {
        let latch = Latch()
        private let outcome = Mutex<Result<OAuthBearerToken, any Error>?>(nil)

        var result: Result<OAuthBearerToken, any Error>? { outcome.withLock { $0 } }

        var error: KafkaError? {
            if case .failure(let error)? = result { error as? KafkaError } else { nil }
        }

        init(_ provider: OAuthBearerTokenProvider) {
            provider.ask(MultiThreadedEventLoopGroup.singleton.any()).whenComplete { [self] result in
                outcome.withLock { $0 = result }
                latch.open()
            }
        }
    }

    private func environment(
        _ servers: String = "127.0.0.1:1", onPrint: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> ScriptEnvironment {
        try ScriptEnvironment(
            ScriptOptions(properties: [("bootstrap.servers", servers)], output: onPrint, report: { Issue.record($0) }))
    }

    private func function(_ body: String, in environment: ScriptEnvironment) throws -> LuaFunction {
        try environment.run("return function() \(body) end", name: "@token.lua") { (frame) throws(LuaError) in
            try frame.function(frame[1])
        }
    }

    /// What a login gets while the script's thread waits.
    private func login(_ body: String) throws -> Login {
        let environment = try environment()
        let login = Login(.calling(try function(body, in: environment), by: environment.mailbox))
        #expect(try environment.wait(for: login.latch, until: .now() + .seconds(60)))
        return login
    }

    @Test("8.19 A script's function gives tokens while the script waits")
    func aFunctionGivesTokens() throws {
        let token = try login(
            """
            return { token = "abc", lifetime_ms = 1500, principal = "alice", extensions = { traceId = "1" } }
            """
        ).result?.get()
        #expect(
            token
                == OAuthBearerToken(
                    "abc", lifetime: .milliseconds(1500), principal: "alice", extensions: ["traceId": "1"]))
        #expect(try login("return { token = 'abc' }").result?.get() == OAuthBearerToken("abc"))
    }

    @Test(
        "8.19 One that raises, or returns something else, is an authentication failure that says so",
        arguments: [
            ("error('no way')", "failed: no way"),
            ("error({ code = 1 })", "failed: (error object is a table)"),
            ("", "a table with the field token"),
            ("return 'abc'", "a table with the field token"),
            ("return {}", "the field token must be a string"),
            ("return { token = 1 }", "the field token must be a string"),
            ("return { token = 'x', lifetime_ms = 'long' }", "lifetime_ms must be a number"),
            ("return { token = 'x', lifetime_ms = 1/0 }", "lifetime_ms must be a number"),
            ("return { token = 'x', principal = {} }", "principal must be a string"),
            ("return { token = 'x', extensions = 'y' }", "extensions must be a table"),
            ("return { token = 'x', extensions = { a = 1 } }", "extensions must have strings"),
        ])
    func aFunctionThatGivesSomethingElse(body: String, reason: String) throws {
        let error = try login(body).error
        #expect(error?.kind == .authentication)
        #expect(error?.message.contains("oauth, the script's function") == true)
        #expect(error?.message.contains(reason) == true, "\(error as Any)")
    }

    @Test("8.19 It runs within a callback that waits, too")
    func itRunsWithinACallback() async throws {
        let broker = try await TestBroker(partitions: 1)
        let logins = Mutex<[Login]>([])
        let begin = Mutex<(@Sendable () -> Void)?>(nil)
        let environment = try environment(broker.bootstrapServers) { _ in begin.withLock { $0 }?() }
        let function = try function("asked = true; return { token = 'abc' }", in: environment)
        begin.withLock {
            $0 = { [mailbox = environment.mailbox] in
                logins.withLock { $0.append(Login(.calling(function, by: mailbox))) }
            }
        }
        // `print` begins a login in the middle of the callback, which waits until the function was called.
        let seen = try environment.run(
            """
            local seen = false
            send("t", nil, "v", function()
              print("now")
              while not asked do kafka.sleep(0.001) end
              seen = true
            end)
            flush()
            return seen
            """, name: "@test.lua"
        ) { (frame) throws(LuaError) in frame.truth(frame[1]) }
        #expect(seen)
        let login = try #require(logins.withLock { $0.first })
        #expect(try environment.wait(for: login.latch, until: .now() + .seconds(60)))
        #expect(try login.result?.get().value == "abc")
        try environment.close()
    }

    @Test func aLoginAfterTheScriptsEndFailsAtOnce() async throws {
        let environment = try environment()
        let provider = OAuthBearerTokenProvider.calling(
            try function("return { token = 'abc' }", in: environment), by: environment.mailbox)
        try environment.close()
        let login = Login(provider)
        await login.latch.opened()
        #expect(login.error?.message.contains("has ended") == true)
    }

    @Test func whatIsNoFunctionIsRefused() async throws {
        let transcript = try await ScriptRunner().run("kafka.producer{ oauth = 'abc' }")
        #expect("\(transcript.error as Any)".contains("oauth must be a function"))
    }

    @Test func aFunctionWithoutItsMechanismIsRefused() async throws {
        let transcript = try await ScriptRunner().run("kafka.producer{ oauth = function() end }")
        #expect("\(transcript.error as Any)".contains("needs sasl.mechanism=OAUTHBEARER"))
    }
}
