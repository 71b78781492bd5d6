/// OAUTHBEARER: the client shows a token (RFC 7628).
struct OAuthBearerExchange: SASLExchange {
    private enum State {
        case new, shown
        /// With what the broker said of it.
        case refused(String)
    }

    private let token: OAuthBearerToken
    private var state = State.new

    init(_ token: OAuthBearerToken) { self.token = token }

    var secrets: [Secret] { [token.value] }

    var refusal: String? {
        if case .refused(let status) = state { status } else { nil }
    }

    mutating func begin() throws(SASLFailure) -> [UInt8] {
        if let fault = token.fault { throw SASLFailure(fault) }
        state = .shown
        let pairs =
            [("auth", "Bearer \(token.value.value)")]
            + token.extensions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return Array("n,,\u{1}".utf8) + pairs.flatMap { "\($0)=\($1)\u{1}".utf8 } + [Self.separator]
    }

    private static let separator: UInt8 = 1

    mutating func respond(to challenge: [UInt8]) throws(SASLFailure) -> [UInt8]? {
        switch state {
        case .shown where challenge.isEmpty: return nil
        case .shown:
            // The broker gives its reasons, and refuses when they have been taken.
            state = .refused(ConfigurationText.shown(String(decoding: challenge, as: UTF8.self)))
            return [Self.separator]
        case .new, .refused: throw SASLFailure("it does not take the token: \(refusal ?? "it was not shown yet")")
        }
    }
}
