import SCRAM
import TestSupport
import Testing

@testable import DevBroker

@Suite struct ScramExchangeTests {
    private let credentials: SASLCredentials

    init() throws {
        credentials = try SASLCredentials(
            ["user": "pencil", "a,b=c": "pencil", "\u{2168}": "I\u{ad}X"], hashes: [.sha256, .sha512],
            secret: [1, 2, 3])
    }

    /// Logs in as a client does.
    /// - Returns: The broker's last word, and who it takes the client for.
    private func logIn(
        _ name: String, _ password: String, _ hash: HashFunction = .sha256,
        change: (inout ScramClientFinal) -> Void = { _ in }
    ) throws -> SASLIdentity {
        var exchange = ScramExchange(hash, credentials, nonce: "SERVER")
        let first = ScramClientFirst(username: name, nonce: "CLIENT")
        guard case .challenge(let bytes) = try exchange.evaluate(Array(first.text.utf8), at: 0) else {
            throw SASLFailure.credentials
        }
        let answer = try ScramServerFirst(parsing: String(decoding: bytes, as: UTF8.self))
        #expect(answer.nonce == "CLIENTSERVER")
        #expect(answer.iterations >= 4096)
        let keys = ScramKeys(hash, password: password, salt: answer.salt, iterations: answer.iterations)
        var final = ScramClientFinal(nonce: answer.nonce)
        final.proof = keys.clientProof(scramAuthMessage(first, answer, final))
        change(&final)
        guard case .done(let last, let identity) = try exchange.evaluate(Array(final.text.utf8), at: 0) else {
            throw SASLFailure.credentials
        }
        let signature = keys.serverSignature(scramAuthMessage(first, answer, final))
        #expect(String(decoding: last, as: UTF8.self) == ScramServerFinal.signature(signature).text)
        return identity
    }

    @Test(arguments: HashFunction.allCases) func whoProvesThatItKnowsThePasswordIsLetIn(hash: HashFunction) throws {
        #expect(try logIn("user", "pencil", hash).name == "user")
        #expect(try logIn("a,b=c", "pencil", hash).name == "a,b=c")
        // What is alike by RFC 4013 is the same.
        #expect(try logIn("IX", "IX", hash).name == "IX")
    }

    @Test(arguments: HashFunction.allCases) func whoDoesNotIsRefusedAndNotToldWhy(hash: HashFunction) {
        let attempts: [() throws -> SASLIdentity] = [
            { try logIn("user", "pen", hash) }, { try logIn("nobody", "pencil", hash) },
            { try logIn("user", "pencil", hash) { $0.nonce = "CLIENT" } },
            { try logIn("user", "pencil", hash) { $0.nonce += "x" } },
            { try logIn("user", "pencil", hash) { $0.proof.removeLast() } },
            { try logIn("user", "pencil", hash) { $0.proof = [] } },
            { try logIn("user", "pencil", hash) { $0.channelBinding = Array("y,,".utf8) } },
        ]
        for attempt in attempts { #expect(throws: SASLFailure.credentials) { try attempt() } }
    }

    @Test func theNonceThatOldLibrdkafkaSendsIsBorne() throws {
        var exchange = ScramExchange(.sha256, credentials, nonce: "SERVER")
        let first = ScramClientFirst(username: "user", nonce: "CLIENT")
        guard case .challenge(let bytes) = try exchange.evaluate(Array(first.text.utf8), at: 0) else {
            throw SASLFailure.credentials
        }
        let answer = try ScramServerFirst(parsing: String(decoding: bytes, as: UTF8.self))
        let keys = ScramKeys(.sha256, password: "pencil", salt: answer.salt, iterations: answer.iterations)
        var final = ScramClientFinal(nonce: "CLIENT" + answer.nonce)
        final.proof = keys.clientProof(scramAuthMessage(first, answer, final))
        guard case .done = try exchange.evaluate(Array(final.text.utf8), at: 0) else {
            throw SASLFailure.credentials
        }
    }

    @Test func aUserThatDoesNotExistLooksLikeAnother() throws {
        let salts = try ["nobody", "nobody", "user", "user"].map { name in
            var exchange = ScramExchange(.sha256, credentials, nonce: "SERVER")
            let first = ScramClientFirst(username: name, nonce: "CLIENT")
            guard case .challenge(let bytes) = try exchange.evaluate(Array(first.text.utf8), at: 0) else {
                throw SASLFailure.credentials
            }
            return try ScramServerFirst(parsing: String(decoding: bytes, as: UTF8.self)).salt
        }
        #expect(salts[0] == salts[1])
        #expect(salts[2] == salts[3])
        #expect(salts[0] != salts[2])
        #expect(Set(salts.map(\.count)) == [16])
    }

    @Test(arguments: ["", "n,,", "n,,n=user", "p=tls-unique,,n=user,r=x", "n,a=other,n=user,r=x", "n,,n=us=er,r=x"])
    func messagesThatAreNoneAreRefused(first: String) {
        var exchange = ScramExchange(.sha256, credentials, nonce: "SERVER")
        #expect(throws: SASLFailure.credentials) { try exchange.evaluate(Array(first.utf8), at: 0) }
        #expect(throws: SASLFailure.credentials) { try exchange.evaluate(Array("n,,n=user,r=x".utf8), at: 0) }
    }

    @Test func bytesAtRandomAreRefused() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            var exchange = ScramExchange(.sha512, credentials, nonce: "SERVER")
            var token = Array("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL".utf8)
            for _ in 0..<3 {
                token[Int.random(in: token.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            }
            guard case .challenge = try? exchange.evaluate(token, at: 0) else { continue }
            #expect(throws: SASLFailure.credentials) { try exchange.evaluate(token, at: 0) }
        }
    }

    @Test func aPasswordThatCannotBePreparedIsNamedByItsUser() {
        let error = #expect(throws: DevBrokerError.self) {
            try SASLCredentials(["alice": "secret\u{7}bell"], hashes: [.sha256], secret: [1])
        }
        #expect(error?.description.contains("'alice'") == true)
        #expect(error?.description.contains("secret") == false)
    }
}
