/// PLAIN: the name and the password as they are (RFC 4616).
struct PlainExchange: SASLExchange {
    let username: String
    let password: Secret

    var secrets: [Secret] { [password] }

    func begin() throws(SASLFailure) -> [UInt8] {
        // A NUL ends each part.
        guard !username.utf8.contains(0), !password.value.utf8.contains(0) else {
            throw SASLFailure("PLAIN has no place for a NUL in a name or a password")
        }
        return [0] + username.utf8 + [0] + password.value.utf8
    }

    /// The mechanism has one message: whatever the broker says to it, it has taken it.
    func respond(to challenge: [UInt8]) throws(SASLFailure) -> [UInt8]? { nil }
}
