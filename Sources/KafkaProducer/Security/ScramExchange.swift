import SCRAM

/// SCRAM: each side shows the other that it knows the password, which neither says (RFC 5802, RFC 7677).
struct ScramExchange: SASLExchange {
    private enum State {
        case new
        case saidFirst(ScramClientFirst)
        /// With the signature that the broker has to show.
        case saidFinal(signature: [UInt8])
        case over
    }

    private let hash: HashFunction
    private let username: String
    private let password: Secret
    private var preparedPassword = ""
    private let nonce: String
    /// `tokenauth=true` for a delegation token (KIP-48).
    private let extensions: [String: String]
    private var state = State.new

    /// Fewer make a password easy to guess for whoever has the broker's file; more keep a client busy for a broker's
    /// pleasure: a million take about half a second.
    static let iterations = 4096...1_000_000

    /// - Parameter nonce: of printable characters without a comma, never used before.
    init(
        _ hash: HashFunction, username: String, password: Secret, nonce: String, extensions: [String: String] = [:]
    ) {
        self.hash = hash
        self.username = username
        self.password = password
        self.nonce = nonce
        self.extensions = extensions
    }

    var isCostly: Bool { true }
    var secrets: [Secret] { [password] }

    mutating func begin() throws(SASLFailure) -> [UInt8] {
        preparedPassword = try Self.prepare(password.value, "the password")
        var first = ScramClientFirst(username: try Self.prepare(username, "the user name"), nonce: nonce)
        first.extensions = extensions
        state = .saidFirst(first)
        return Array(first.text.utf8)
    }

    mutating func respond(to challenge: [UInt8]) throws(SASLFailure) -> [UInt8]? {
        let current = state
        state = .over
        guard let text = String(validating: challenge, as: UTF8.self) else {
            throw SASLFailure("its message is not UTF-8")
        }
        do throws(ScramError) {
            switch current {
            case .saidFirst(let first): return try answer(text, first)
            case .saidFinal(let signature): return try conclude(text, signature)
            case .new, .over: throw ScramError("was not expected")
            }
        } catch {
            throw SASLFailure("its message \(error)")
        }
    }

    private mutating func answer(_ text: String, _ first: ScramClientFirst) throws(ScramError) -> [UInt8] {
        // A broker may refuse a name before it asks for a proof.
        if case .refused(let reason)? = try? ScramServerFinal(parsing: text) { throw Self.refused(reason) }
        let server = try ScramServerFirst(parsing: text)
        guard server.nonce.utf8.starts(with: nonce.utf8), server.nonce.utf8.count > nonce.utf8.count else {
            throw ScramError("does not begin with the client's nonce: somebody else may be answering")
        }
        guard Self.iterations.contains(server.iterations) else {
            throw ScramError(
                "asks for \(server.iterations) iterations, where \(Self.iterations.lowerBound) to "
                    + "\(Self.iterations.upperBound) are taken")
        }
        let keys = ScramKeys(hash, password: preparedPassword, salt: server.salt, iterations: server.iterations)
        var final = ScramClientFinal(nonce: server.nonce)
        let message = scramAuthMessage(first, server, answerText: text, final)
        final.proof = keys.clientProof(message)
        state = .saidFinal(signature: keys.serverSignature(message))
        return Array(final.text.utf8)
    }

    private func conclude(_ text: String, _ signature: [UInt8]) throws(ScramError) -> [UInt8]? {
        switch try ScramServerFinal(parsing: text) {
        case .refused(let reason): throw Self.refused(reason)
        case .signature(let shown):
            guard isEqualInConstantTime(shown, signature) else {
                throw ScramError("has a wrong signature: the broker does not know the password itself")
            }
            return nil
        }
    }

    private static func refused(_ reason: String) -> ScramError {
        ScramError("refuses the login: \(ConfigurationText.shown(reason))")
    }

    private static func prepare(_ text: String, _ what: String) throws(SASLFailure) -> String {
        do {
            let prepared = try SASLprep.prepare(text)
            guard !prepared.isEmpty else { throw ScramError("is empty when it is prepared by SASLprep") }
            return prepared
        } catch {
            throw SASLFailure("\(what) \(error)")
        }
    }
}
