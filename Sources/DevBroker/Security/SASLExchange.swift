/// The broker's side of one mechanism, from the client's first token to the end. Pure: tokens in, answers out.
protocol SASLExchange: Sendable {
    /// Judges the client's next token.
    /// - Parameter now: Milliseconds since 1970.
    /// - Throws: `SASLFailure` if the client is not who it claims to be; nothing can follow then.
    mutating func evaluate(_ token: [UInt8], at now: Int64) throws(SASLFailure) -> SASLStep
}

/// What the broker says to a token.
enum SASLStep: Equatable, Sendable {
    /// The client has to say more.
    case challenge([UInt8])
    /// The client is who it claims to be.
    case done(answer: [UInt8], SASLIdentity)
}

/// Who a client is.
struct SASLIdentity: Equatable, Sendable {
    var name: String
    /// When its credentials expire, in milliseconds since 1970; nil for never.
    var expiresAt: Int64?
}

/// Why a client is not let in.
enum SASLFailure: Error, Equatable {
    /// What the client is told.
    case told(String)
    /// It is told what everybody is told: not whether the user exists, nor what was wrong.
    case credentials
}
