import SCRAM
import Testing

@testable import KafkaProducer

/// The client's side of SCRAM, against the exchanges of the RFCs and against brokers that lie.
@Suite struct ScramExchangeTests {
    private static let nonce = "rOprNGfwEbeRWgbNEkqO"
    private static let serverNonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"

    private func begun(_ username: String = "user", _ password: Secret = "pencil") throws -> ScramExchange {
        var exchange = ScramExchange(.sha256, username: username, password: password, nonce: Self.nonce)
        _ = try exchange.begin()
        return exchange
    }

    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test("8.2 SCRAM-SHA-256 says what RFC 7677 has it say")
    func theExchangeOfRFC7677() throws {
        var exchange = ScramExchange(.sha256, username: "user", password: "pencil", nonce: Self.nonce)
        #expect(try text(exchange.begin()) == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
        let final = try exchange.respond(
            to: Array("r=\(Self.serverNonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096".utf8))
        #expect(
            text(final) == "c=biws,r=\(Self.serverNonce),p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
        #expect(try exchange.respond(to: Array("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=".utf8)) == nil)
        // It is over: a broker has nothing more to say.
        #expect(throws: SASLFailure("its message was not expected")) { _ = try exchange.respond(to: []) }
    }

    @Test("8.3 Names are escaped, and names and passwords prepared by SASLprep")
    func namesAreEscapedAndPrepared() throws {
        var exchange = ScramExchange(.sha512, username: "a,b=c\u{AD}\u{2168}", password: "x", nonce: "n")
        // A soft hyphen counts for nothing, and Ⅸ is IX (RFC 4013).
        #expect(try text(exchange.begin()) == "n,,n=a=2Cb=3DcIX,r=n")
        #expect(throws: SASLFailure.self) { _ = try begun("a\u{7}") }
        #expect(throws: SASLFailure.self) { _ = try begun("user", "a\u{7}") }
        #expect(throws: SASLFailure.self) { _ = try begun("\u{AD}") }
    }

    @Test func aDelegationTokenSaysSo() throws {
        var exchange = ScramExchange(
            .sha256, username: "id", password: "x", nonce: "n", extensions: ["tokenauth": "true"])
        #expect(try text(exchange.begin()) == "n,,n=id,r=n,tokenauth=true")
    }

    @Test(
        "8.4 A broker's first message is refused that cannot be right",
        arguments: [
            ("", "does not have r="),
            ("garbage", "does not have r="),
            ("r=rOprNGfwEbeRWgbNEkqO,s=W22Z,i=4096", "does not begin with the client's nonce"),
            ("r=another,s=W22Z,i=4096", "does not begin with the client's nonce"),
            ("r=\(serverNonce),s=,i=4096", "empty salt"),
            ("r=\(serverNonce),s=***,i=4096", "not base64"),
            ("r=\(serverNonce),s=W22Z,i=0", "not a number of iterations"),
            ("r=\(serverNonce),s=W22Z,i=-1", "not a number of iterations"),
            ("r=\(serverNonce),s=W22Z,i=99999999999999999999", "not a number of iterations"),
            ("m=x,r=\(serverNonce),s=W22Z,i=4096", "an extension that is not known"),
            ("e=unknown-user", "refuses the login: unknown-user"),
        ])
    func aFirstMessageThatCannotBeRight(message: String, reason: String) throws {
        var exchange = try begun()
        let error = #expect(throws: SASLFailure.self) { _ = try exchange.respond(to: Array(message.utf8)) }
        #expect(error?.text.contains(reason) == true, "\(error as Any)")
    }

    @Test("8.5 Iterations are from 4096 to 1000000", arguments: [1, 4095, 1_000_001, 2_147_483_647])
    func iterationsAreBoundedOnBothSides(count: Int) throws {
        var exchange = try begun()
        let error = #expect(throws: SASLFailure.self) {
            _ = try exchange.respond(to: Array("r=\(Self.serverNonce),s=W22Z,i=\(count)".utf8))
        }
        #expect(error?.text.contains("asks for \(count) iterations, where 4096 to 1000000 are taken") == true)
    }

    @Test(
        "8.6 A broker that does not know the password is not trusted",
        arguments: [
            ("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=", "not base64"),
            ("v=AAAA", "a wrong signature"), ("v=", "a wrong signature"), ("", "does not have v="),
            ("e=invalid-proof", "refuses the login: invalid-proof"),
        ])
    func aLastMessageThatIsNotTheBrokers(message: String, reason: String) throws {
        var exchange = try begun()
        _ = try exchange.respond(to: Array("r=\(Self.serverNonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096".utf8))
        let error = #expect(throws: SASLFailure.self) { _ = try exchange.respond(to: Array(message.utf8)) }
        #expect(error?.text.contains(reason) == true, "\(error as Any)")
    }

    @Test func whatIsNotUTF8IsRefused() throws {
        var exchange = try begun()
        #expect(throws: SASLFailure("its message is not UTF-8")) { _ = try exchange.respond(to: [0xFF, 0xFE]) }
    }
}
