import KafkaWire
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import KafkaProducer

/// Where tokens come from.
@Suite struct OAuthTokenTests {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.any()

    /// Counts how often it was asked, in a time of the test's.
    private final class Source: Sendable {
        let count = Atomic(0)
        let now = Mutex(NIODeadline.uptimeNanoseconds(1_000_000_000))
        let lifetime: Duration?

        init(lifetime: Duration?) { self.lifetime = lifetime }

        var tokens: OAuthBearerTokens {
            OAuthBearerTokens(
                OAuthBearerTokenProvider { [self] in
                    let number = count.add(1, ordering: .relaxed).newValue
                    return OAuthBearerToken(Secret("t\(number)"), lifetime: lifetime)
                },
                now: { self.now.withLock { $0 } })
        }

        func advance(_ time: TimeAmount) { now.withLock { $0 = $0 + time } }
    }

    @Test("8.8 A token is used until four fifths of its lifetime are over")
    func aTokenIsUsedUntilItGetsOld() async throws {
        let source = Source(lifetime: .seconds(10))
        let tokens = source.tokens
        #expect(try await tokens.token(on: eventLoop).get().value.value == "t1")
        source.advance(.milliseconds(7999))
        #expect(try await tokens.token(on: eventLoop).get().value.value == "t1")
        source.advance(.milliseconds(1))
        #expect(try await tokens.token(on: eventLoop).get().value.value == "t2")
    }

    @Test func aTokenWithoutALifetimeIsAskedForEachTime() async throws {
        let tokens = Source(lifetime: nil).tokens
        #expect(try await tokens.token(on: eventLoop).get().value.value == "t1")
        #expect(try await tokens.token(on: eventLoop).get().value.value == "t2")
    }

    @Test func aProviderIsAskedByOneLoginAtATime() async throws {
        let (asked, gate) = (Log<Int>(), Latch())
        let tokens = OAuthBearerTokens(
            OAuthBearerTokenProvider {
                asked.append(1)
                await gate.opened()
                return OAuthBearerToken("t", lifetime: .seconds(3600))
            })
        let logins = (0..<3).map { _ in tokens.token(on: eventLoop) }
        gate.open()
        for login in logins { #expect(try await login.get().value == "t") }
        #expect(asked.entries.count == 1)
    }

    @Test func aProviderThatFailedIsAskedAgain() async throws {
        let asked = Log<Int>()
        let tokens = OAuthBearerTokens(
            OAuthBearerTokenProvider {
                asked.append(1)
                if asked.entries.count == 1 { throw KafkaError(.authentication, "no") }
                return OAuthBearerToken("t", lifetime: .seconds(1))
            })
        await #expect(throws: KafkaError.self) { try await tokens.token(on: eventLoop).get() }
        #expect(try await tokens.token(on: eventLoop).get().value == "t")
    }

    // MARK: - Files

    @Test("8.8 A token's file is read for each login")
    func aFileIsReadForEachLogin() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("first\n".utf8), to: "a token")
        // A URL, in which a space has another form.
        #expect(path.hasSuffix("/a%20token"))
        let provider = try OAuthBearerTokenProvider.file(TokenFile.path(of: "file://\(path)"))
        #expect(try await provider.ask(eventLoop).get().value == "first")
        try folder.write(Array("  second".utf8), to: "a token")
        #expect(try await provider.ask(eventLoop).get().value == "second")
    }

    @Test(arguments: [("", "empty"), ("two words", "characters"), (String(repeating: "x", count: 70_000), "larger")])
    func aFileWithoutATokenIsNamed(content: String, reason: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array(content.utf8), to: "token")
        let error = #expect(throws: SASLFailure.self) { _ = try TokenFile.token(at: path) }
        #expect(error?.text.contains(path) == true)
        #expect(error?.text.contains(reason) == true, "\(error as Any)")
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let error = #expect(throws: SASLFailure.self) { _ = try TokenFile.token(at: "/nowhere/token") }
        #expect(error?.text == "the token file /nowhere/token: No such file or directory")
    }

    @Test(arguments: ["https://idp/token", "file://", "file://host", "/etc/token", "file:///a%zz", "file:///a%00b", ""])
    func whatIsNoFileIsRefused(url: String) {
        #expect(throws: ConfigurationReason.self) { _ = try TokenFile.path(of: url) }
    }

    // MARK: - Unsecured tokens

    @Test("8.8 Options of sasl.jaas.config make an unsecured token, as Java's do")
    func anUnsecuredToken() throws {
        let token = try UnsecuredToken([
            "unsecuredLoginStringClaim_sub": "ali\"ce", "unsecuredLoginNumberClaim_n": "1.5",
            "unsecuredLoginListClaim_scope": "|a|b", "unsecuredLoginLifetimeSeconds": "60",
            "unsecuredLoginExtension_traceId": "123",
        ]).issued(at: 1000)
        let parts = token.value.value.split(separator: ".", omittingEmptySubsequences: false)
        #expect(parts.count == 3 && parts[2].isEmpty)
        #expect(decoded(parts[0]) == #"{"alg":"none"}"#)
        #expect(decoded(parts[1]) == #"{"exp":1060,"iat":1000,"n":1.5,"scope":["a","b"],"sub":"ali\"ce"}"#)
        #expect(token.lifetime == .seconds(60))
        #expect(token.principal == "ali\"ce")
        #expect(token.extensions == ["traceId": "123"])
        #expect(token.fault == nil)
    }

    private func decoded(_ text: Substring) -> String? {
        let padded = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - padded.count % 4) % 4)
        return Base64.decode(padded + padding).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        arguments: [
            ([:], "unsecuredLoginStringClaim_sub"),
            (["unsecuredLoginExtension_a": "1"], "unsecuredLoginStringClaim_sub"),
            (
                ["unsecuredLoginStringClaim_sub": "a", "unsecuredLoginStringClaim_exp": "1"],
                "unsecuredLoginStringClaim_exp"
            ),
            (
                ["unsecuredLoginStringClaim_sub": "a", "unsecuredLoginNumberClaim_n": "x"],
                "unsecuredLoginNumberClaim_n"
            ),
            (
                ["unsecuredLoginStringClaim_sub": "a", "unsecuredLoginNumberClaim_n": "nan"],
                "unsecuredLoginNumberClaim_n"
            ),
            (["unsecuredLoginStringClaim_sub": "a", "unsecuredLoginLifetimeSeconds": "0"], "LifetimeSeconds"),
            (["unsecuredLoginStringClaim_sub": "a", "unsecuredLoginExtension_auth": "1"], "'auth'"),
            (["unsecuredLoginStringClaim_sub": "a", "user": "1"], "option 'user'"),
            (["unsecuredLoginPrincipalClaimName": "who"], "unsecuredLoginStringClaim_who"),
        ] as [([String: String], String)])
    func aBadOptionIsNamed(options: [String: String], name: String) {
        let error = #expect(throws: ConfigurationReason.self) { _ = try UnsecuredToken(options) }
        #expect(error?.text.contains(name) == true, "\(error as Any)")
    }
}
