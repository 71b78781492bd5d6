import Testing

@testable import DevBroker

@Suite struct PlainExchangeTests {
    private func outcome(_ token: String) throws -> Result<SASLStep, SASLFailure> {
        let credentials = try SASLCredentials(
            ["alice": "wonder:land", "jäger": "grün", "nobody": ""], hashes: [], secret: [1])
        return Result { () throws(SASLFailure) in
            try PlainExchange(credentials: credentials).evaluate(Array(token.utf8), at: 0)
        }
    }

    @Test(arguments: [
        ("\0alice\0wonder:land", "alice"), ("alice\0alice\0wonder:land", "alice"), ("\0jäger\0grün", "jäger"),
    ])
    func whoKnowsThePasswordIsLetIn(token: String, name: String) throws {
        #expect(try outcome(token).get() == .done(answer: [], SASLIdentity(name: name)))
    }

    @Test(arguments: [
        ("\0alice\0cheshire", "Invalid username or password"), ("\0dinah\0wonder:land", "Invalid username or password"),
        ("\0alice\0", "password not specified"), ("\0nobody\0", "password not specified"),
        ("\0\0wonder:land", "username not specified"), ("bob\0alice\0wonder:land", "different from username"),
        ("alice\0wonder:land", "expected 3 tokens"), ("\0alice\0wonder:land\0", "expected 3 tokens"),
        ("", "expected 3 tokens"),
    ])
    func whoDoesNotIsToldSo(token: String, reason: String) throws {
        guard case .failure(.told(let message)) = try outcome(token) else {
            Issue.record("\(token) was accepted")
            return
        }
        #expect(message.contains(reason))
        #expect(!message.contains("wonder"))
    }

    @Test func bytesThatAreNoTextAreRefused() throws {
        let credentials = try SASLCredentials([:], hashes: [], secret: [1])
        #expect(throws: SASLFailure.self) {
            try PlainExchange(credentials: credentials).evaluate([0, 0xff, 0xfe, 0, 1], at: 0)
        }
    }
}
