/// The client's side of a SASL mechanism: bytes in, bytes out (RFC 4422). Pure: no socket, no clock. One for each login.
protocol SASLExchange: Sendable {
    /// Whether an answer takes so long that it must not hold up the event loop.
    var isCostly: Bool { get }
    /// What must not be seen, should a broker repeat it.
    var secrets: [Secret] { get }

    /// What the client says first.
    mutating func begin() throws(SASLFailure) -> [UInt8]

    /// What the client says to what the broker said; nil if the mechanism is through, and content.
    mutating func respond(to challenge: [UInt8]) throws(SASLFailure) -> [UInt8]?

    /// What the mechanism knows of a login that the broker has refused.
    var refusal: String? { get }
}

extension SASLExchange {
    var isCostly: Bool { false }
    var refusal: String? { nil }
}

/// Why a login cannot go on, as a part of a sentence. Tells no secret.
struct SASLFailure: Error, Equatable {
    var text: String

    init(_ text: String) { self.text = text }
}
