import SCRAM

/// PLAIN (RFC 4616; Java's `PlainSaslServer`): an identity to act for, a name and a password.
struct PlainExchange: SASLExchange {
    let credentials: SASLCredentials

    func evaluate(_ token: [UInt8], at now: Int64) throws(SASLFailure) -> SASLStep {
        let parts = token.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = String(validating: parts[1], as: UTF8.self) else {
            throw .told("Invalid SASL/PLAIN response: expected 3 tokens, got \(parts.count)")
        }
        guard !name.isEmpty else { throw .told("Authentication failed: username not specified") }
        guard !parts[2].isEmpty else { throw .told("Authentication failed: password not specified") }
        guard credentials.accepts(password: Array(parts[2]), of: name) else {
            throw .told("Authentication failed: Invalid username or password")
        }
        guard parts[0].isEmpty || Array(parts[0]) == Array(parts[1]) else {
            throw .told(
                "Authentication failed: Client requested an authorization id that is different from username")
        }
        return .done(answer: [], SASLIdentity(name: name))
    }
}
