import Testing

@testable import SCRAM

/// The exchange of RFC 7677, section 3, for SHA-256; that for SHA-512 was computed with another implementation.
@Suite struct ScramKnownAnswerTests {
    struct Exchange: Sendable {
        var hash: HashFunction
        var clientNonce: String
        var serverFirst: String
        var clientFinal: String
        var serverFinal: String
    }

    static let exchanges = [
        Exchange(
            hash: .sha256, clientNonce: "rOprNGfwEbeRWgbNEkqO",
            serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            clientFinal:
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
        Exchange(
            hash: .sha512, clientNonce: "fyko+d2lbbFgONRv9qkxdawL",
            serverFirst: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
            clientFinal:
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=VdS8LkrURiej1tG6iX+fqCXQfUnBb//d9llXYaH+ylUbDwBUz9geyR9fC4TewskRUM2tlYSalhAT4Aay1Q5dTA==",
            serverFinal: "v=14PAAuavk9hxBEkgB0brDxUhvWu+N16meYk+qxVNFqchR8QPohM09Y4Z6WaTCuX4C6nqMB9KIJTDm6RpSM990g=="),
    ]

    @Test(arguments: exchanges)
    func bothSidesSayWhatTheyShould(exchange: Exchange) throws {
        let first = ScramClientFirst(username: "user", nonce: exchange.clientNonce)
        #expect(first.text == "n,,n=user,r=\(exchange.clientNonce)")
        let answer = try ScramServerFirst(parsing: exchange.serverFirst)
        #expect(answer.text == exchange.serverFirst)

        let keys = ScramKeys(exchange.hash, password: "pencil", salt: answer.salt, iterations: answer.iterations)
        var final = ScramClientFinal(nonce: answer.nonce)
        let message = scramAuthMessage(first, answer, final)
        final.proof = keys.clientProof(message)
        #expect(final.text == exchange.clientFinal)
        #expect(try ScramClientFinal(parsing: exchange.clientFinal) == final)

        #expect(keys.accepts(proof: final.proof, message))
        #expect(!keys.accepts(proof: final.proof, message + " "))
        #expect(!keys.accepts(proof: final.proof.dropLast(), message))
        #expect(!keys.accepts(proof: [], message))
        #expect(ScramServerFinal.signature(keys.serverSignature(message)).text == exchange.serverFinal)
        #expect(try ScramServerFinal(parsing: exchange.serverFinal) == .signature(keys.serverSignature(message)))
    }

    @Test func anotherPasswordHasAnotherProof() throws {
        let right = ScramKeys(.sha256, password: "pencil", salt: [1], iterations: 10)
        let wrong = ScramKeys(.sha256, password: "pencils", salt: [1], iterations: 10)
        #expect(!right.accepts(proof: wrong.clientProof("m"), "m"))
    }

    /// RFC 4231, test case 2; FIPS 180-4's "abc".
    @Test func theHashesAreThoseOfTheStandard() {
        #expect(
            hex(HashFunction.sha256.digest(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hex(HashFunction.sha256.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(hex(HashFunction.sha512.hmac(key: [], [])).hasPrefix("b936cee86c9f87aa5d3c6f2e84cb5a42"))
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
