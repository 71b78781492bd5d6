import SCRAM

/// SCRAM (RFC 5802; Java's `ScramSaslServer`): the client proves that it knows the password, and is shown that the
/// broker does.
struct ScramExchange: SASLExchange {
    private enum State {
        case first
        case final(ScramClientFirst, ScramServerFirst, ScramKeys?)
        case done
    }

    let hash: HashFunction
    let credentials: SASLCredentials
    /// What the broker adds to the client's nonce.
    let nonce: String
    private var state = State.first

    init(_ hash: HashFunction, _ credentials: SASLCredentials, nonce: String) {
        self.hash = hash
        self.credentials = credentials
        self.nonce = nonce
    }

    mutating func evaluate(_ token: [UInt8], at now: Int64) throws(SASLFailure) -> SASLStep {
        let step = state
        state = .done
        guard let text = String(validating: token, as: UTF8.self) else { throw .credentials }
        do throws(ScramError) {
            switch step {
            case .first: return .challenge(Array(try answer(ScramClientFirst(parsing: text)).utf8))
            case .final(let first, let answer, let keys):
                if let step = finish(first, answer, keys, try ScramClientFinal(parsing: text)) { return step }
            case .done: break
            }
        } catch {
            // What was wrong with a message may tell what is known of the user.
        }
        throw .credentials
    }

    private mutating func answer(_ first: ScramClientFirst) throws(ScramError) -> String {
        let name = try SASLprep.prepare(first.username)
        let answer = ScramServerFirst(
            nonce: first.nonce + nonce, salt: credentials.salt(of: name), iterations: SASLCredentials.iterations)
        state = .final(first, answer, credentials.keys(hash, of: name))
        return answer.text
    }

    private func finish(
        _ first: ScramClientFirst, _ answer: ScramServerFirst, _ keys: ScramKeys?, _ final: ScramClientFinal
    ) -> SASLStep? {
        let message = scramAuthMessage(first, answer, final)
        // librdkafka before 2.6.1 puts its own nonce in front once more; Kafka 3 bears it.
        let nonces = [answer.nonce, first.nonce + answer.nonce]
        guard nonces.contains(final.nonce), let keys, keys.accepts(proof: final.proof, message) else { return nil }
        let signature = ScramServerFinal.signature(keys.serverSignature(message))
        return .done(answer: Array(signature.text.utf8), SASLIdentity(name: first.username))
    }
}
