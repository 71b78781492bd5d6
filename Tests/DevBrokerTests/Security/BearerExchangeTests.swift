import KafkaWire
import TestSupport
import Testing

@testable import DevBroker

@Suite struct BearerExchangeTests {
    private static let none = #"{"alg":"none"}"#

    /// In base64 for addresses.
    private static func encoded(_ text: String) -> String {
        Base64.encode(Array(text.utf8)).filter { $0 != "=" }
            .map { $0 == "+" ? "-" : $0 == "/" ? "_" : String($0) }.joined()
    }

    private static func token(_ claims: String, header: String = none, signature: String = "") -> String {
        "\(encoded(header)).\(encoded(claims)).\(signature)"
    }

    private static func first(_ token: String) -> [UInt8] { Array("n,,\u{1}auth=Bearer \(token)\u{1}\u{1}".utf8) }

    private static let claims = #"{"sub":"alice","exp":100.5,"iat":10}"#

    @Test(arguments: [
        "n,,\u{1}auth=Bearer TOKEN\u{1}\u{1}", "n,a=alice,\u{1}auth=bearer TOKEN\u{1}\u{1}",
        "n,,\u{1}host=broker\u{1}auth=Bearer TOKEN\u{1}traceId=1\u{1}\u{1}",
    ])
    func aTokenSaysWhoItIs(message: String) throws {
        var exchange = BearerExchange()
        let bytes = Array(message.replacing("TOKEN", with: Self.token(Self.claims)).utf8)
        let expected = SASLStep.done(answer: [], SASLIdentity(name: "alice", expiresAt: 100_500))
        #expect(try exchange.evaluate(bytes, at: 100_499) == expected)
    }

    @Test(arguments: [
        token(claims, header: #"{"alg":"HS256"}"#), token(claims, signature: "abcd"), token(claims, header: "{}"),
        token(#"{"exp":100.5}"#), token(#"{"sub":"","exp":100.5}"#), token(#"{"sub":7,"exp":100.5}"#),
        token(#"{"sub":"alice"}"#), token(#"{"sub":"alice","exp":"100"}"#), token(#"{"sub":"alice","exp":1e300}"#),
        token(#"{"sub":"alice","exp":20}"#), token(#"{"sub":"alice","exp":100,"iat":60}"#),
        token(#"{"sub":"alice","exp":100,"iat":200}"#), token("[]"), token("\"sub\""), token("{"), token(""),
        token(#"{"sub":"alice","sub":"bob","exp":100}"#), "a.b.", "a", "..", "a.b.c.d",
    ])
    func aTokenThatCannotBeIsRefusedInTwoSteps(token: String) throws {
        var exchange = BearerExchange()
        let refusal = Array(#"{"status":"invalid_token"}"#.utf8)
        #expect(try exchange.evaluate(Self.first(token), at: 50_000) == .challenge(refusal))
        #expect(throws: SASLFailure.told(#"{"status":"invalid_token"}"#)) { try exchange.evaluate([1], at: 50_000) }
    }

    @Test func theRefusalHasToBeAcknowledged() throws {
        var exchange = BearerExchange()
        _ = try exchange.evaluate(Self.first("a.b."), at: 0)
        #expect(throws: SASLFailure.credentials) { try exchange.evaluate(Self.first(Self.token(Self.claims)), at: 0) }
    }

    @Test(arguments: [
        "", "n,,", "n,,\u{1}\u{1}", "n,,\u{1}auth=Bearer T\u{1}", "y,,\u{1}auth=Bearer T\u{1}\u{1}",
        "n,b=x,\u{1}auth=Bearer T\u{1}\u{1}", "n,,\u{1}auth=Basic T\u{1}\u{1}", "n,,\u{1}auth=Bearer\u{1}\u{1}",
        "n,,\u{1}host=x\u{1}\u{1}", "n,,\u{1}auth\u{1}\u{1}", "n,,\u{1}auth=Bearer T\u{1}auth=Bearer T\u{1}\u{1}",
    ])
    func messagesThatAreNoneAreRefused(message: String) {
        var exchange = BearerExchange()
        #expect(throws: SASLFailure.credentials) { try exchange.evaluate(Array(message.utf8), at: 0) }
    }

    @Test func nobodyActsForAnother() {
        var exchange = BearerExchange()
        let bytes = Array("n,a=bob,\u{1}auth=Bearer \(Self.token(Self.claims))\u{1}\u{1}".utf8)
        #expect(throws: SASLFailure.self) { try exchange.evaluate(bytes, at: 50_000) }
    }

    @Test func bytesAtRandomAreRefusedOrUnderstood() {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<2000 {
            var exchange = BearerExchange()
            var bytes = Self.first(Self.token(Self.claims))
            for _ in 0..<3 {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            }
            if case .done(_, let identity) = try? exchange.evaluate(bytes, at: 0) { #expect(!identity.name.isEmpty) }
        }
    }
}
