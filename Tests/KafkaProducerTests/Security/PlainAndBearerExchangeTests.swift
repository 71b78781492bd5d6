import Testing

@testable import KafkaProducer

@Suite struct PlainAndBearerExchangeTests {
    @Test("8.1 PLAIN says the name and the password behind a NUL each (RFC 4616)")
    func plain() throws {
        let exchange = PlainExchange(username: "älice", password: "hunter2")
        #expect(try exchange.begin() == Array("\0älice\0hunter2".utf8))
        #expect(try exchange.respond(to: []) == nil)
        #expect(throws: SASLFailure.self) { _ = try PlainExchange(username: "a\0b", password: "x").begin() }
        #expect(throws: SASLFailure.self) { _ = try PlainExchange(username: "a", password: "x\0y").begin() }
    }

    @Test("8.7 OAUTHBEARER shows the token and its extensions (RFC 7628)")
    func bearer() throws {
        var exchange = OAuthBearerExchange(
            OAuthBearerToken("aZ0-._~+/==", extensions: ["traceId": "123", "logicalCluster": "lkc 1"]))
        #expect(
            try exchange.begin()
                == Array("n,,\u{1}auth=Bearer aZ0-._~+/==\u{1}logicalCluster=lkc 1\u{1}traceId=123\u{1}\u{1}".utf8))
        #expect(try exchange.respond(to: []) == nil)
    }

    @Test func withoutExtensionsTheMessageHasTwoSeparatorsAtItsEnd() throws {
        var exchange = OAuthBearerExchange(OAuthBearerToken("t"))
        #expect(try exchange.begin() == Array("n,,\u{1}auth=Bearer t\u{1}\u{1}".utf8))
    }

    @Test("8.7 A broker's status is taken with a separator, and told of")
    func aStatusIsTaken() throws {
        var exchange = OAuthBearerExchange(OAuthBearerToken("t"))
        _ = try exchange.begin()
        #expect(exchange.refusal == nil)
        #expect(try exchange.respond(to: Array(#"{"status":"invalid_token"}"#.utf8)) == [1])
        #expect(exchange.refusal == #"{"status":"invalid_token"}"#)
        // A broker that is content after all has not understood its own refusal.
        #expect(throws: SASLFailure.self) { _ = try exchange.respond(to: []) }
    }

    @Test(
        "8.8 A token that cannot be sent is refused by what is wrong with it",
        arguments: [
            (OAuthBearerToken(""), "empty"), (OAuthBearerToken("="), "characters"),
            (OAuthBearerToken("a b"), "characters"), (OAuthBearerToken("a\u{1}auth=x"), "characters"),
            (OAuthBearerToken("a=b"), "characters"),
            (OAuthBearerToken("t", lifetime: .zero), "expired"),
            (OAuthBearerToken("t", extensions: ["auth": "x"]), "'auth'"),
            (OAuthBearerToken("t", extensions: ["trace_id": "x"]), "'trace_id'"),
            (OAuthBearerToken("t", extensions: ["traceId": "x\u{1}"]), "'traceId'"),
            (OAuthBearerToken("t", extensions: ["traceId": ""]), "'traceId'"),
        ])
    func aTokenThatCannotBeSent(token: OAuthBearerToken, reason: String) throws {
        var exchange = OAuthBearerExchange(token)
        let error = #expect(throws: SASLFailure.self) { _ = try exchange.begin() }
        #expect(error?.text.contains(reason) == true, "\(error as Any)")
    }
}
