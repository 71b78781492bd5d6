/// OAUTHBEARER (RFC 7628; Java's `OAuthBearerSaslServer`) with unsecured tokens. A client that is refused is told why
/// in an answer of its own, says that it has understood, and only then is turned away.
struct BearerExchange: SASLExchange {
    private static let separator: UInt8 = 1
    private static let refusal = "{\"status\":\"invalid_token\"}"
    private var isRefused = false

    mutating func evaluate(_ token: [UInt8], at now: Int64) throws(SASLFailure) -> SASLStep {
        if isRefused { throw token == [Self.separator] ? .told(Self.refusal) : .credentials }
        let first = try ClientFirst(token)
        guard let token = UnsecuredToken(first.token), token.expiresAt > now, token.startsAt ?? now <= now else {
            isRefused = true
            return .challenge(Array(Self.refusal.utf8))
        }
        guard first.authorizationId.isEmpty || first.authorizationId == token.subject else {
            throw .told(
                "Authentication failed: Client requested an authorization id that is different from the token's "
                    + "principal name")
        }
        return .done(answer: [], SASLIdentity(name: token.subject, expiresAt: token.expiresAt))
    }

    /// `n,a=name,^Aauth=Bearer token^Akey=value^A^A`
    private struct ClientFirst {
        var authorizationId = ""
        var token = ""

        init(_ bytes: [UInt8]) throws(SASLFailure) {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .credentials }
            var parts = text.utf8.split(separator: separator, omittingEmptySubsequences: false).map { Substring($0) }
            // There is one separator behind each pair, and one more at the end.
            guard parts.count >= 4, parts.popLast() == "", parts.popLast() == "" else { throw .credentials }
            let header = parts.removeFirst().split(separator: ",", omittingEmptySubsequences: false)
            guard header.count == 3, header[0] == "n", header[2].isEmpty,
                header[1].isEmpty || header[1].hasPrefix("a=")
            else { throw .credentials }
            authorizationId = String(header[1].dropFirst(2))
            for pair in parts {
                guard let equals = pair.firstIndex(of: "=") else { throw .credentials }
                guard pair[..<equals] == "auth" else { continue }
                let words = pair[pair.index(after: equals)...].split(separator: " ")
                guard token.isEmpty, words.count == 2, words[0].lowercased() == "bearer" else { throw .credentials }
                token = String(words[1])
            }
            guard !token.isEmpty else { throw .credentials }
        }
    }
}
