import SCRAM

/// The users of a broker, in the form in which each mechanism looks at them.
struct SASLCredentials: Sendable {
    /// How often a password is mixed with its salt: what Kafka has at least.
    static let iterations = 4096

    private let passwords: [String: [UInt8]]
    /// By prepared names.
    private let keys: [HashFunction: [String: ScramKeys]]
    /// What salts are made of: those of users that do not exist look like the others, and are always the same.
    private let secret: [UInt8]

    /// - Parameter hashes: Those of the mechanisms that are enabled: their keys take a while to make.
    /// - Throws: `DevBrokerError` that names the user whose name or password cannot be.
    init(
        _ users: [String: DevBrokerConfiguration.SASL.Password], hashes: [HashFunction], secret: [UInt8]
    ) throws(DevBrokerError) {
        var keys: [HashFunction: [String: ScramKeys]] = [:]
        for (user, password) in users.sorted(by: { $0.key < $1.key }) {
            for hash in hashes {
                do throws(ScramError) {
                    let name = try SASLprep.prepare(user)
                    keys[hash, default: [:]][name] = ScramKeys(
                        hash, password: try SASLprep.prepare(password.text), salt: Self.salt(of: name, secret),
                        iterations: Self.iterations)
                } catch {
                    throw DevBrokerError("the name or the password of user '\(user)' \(error)")
                }
            }
        }
        self.passwords = users.mapValues { Array($0.text.utf8) }
        self.keys = keys
        self.secret = secret
    }

    /// Whether somebody knows a user's password; where there is no such user it takes as long.
    func accepts(password: [UInt8], of user: String) -> Bool {
        let expected = passwords[user]
        let digest = HashFunction.sha256.hmac(key: secret, password)
        let isEqual = isEqualInConstantTime(digest, HashFunction.sha256.hmac(key: secret, expected ?? []))
        return isEqual && expected != nil
    }

    func salt(of name: String) -> [UInt8] { Self.salt(of: name, secret) }

    /// - Parameter name: As it was prepared.
    func keys(_ hash: HashFunction, of name: String) -> ScramKeys? { keys[hash]?[name] }

    private static func salt(of name: String, _ secret: [UInt8]) -> [UInt8] {
        Array(HashFunction.sha256.hmac(key: secret, Array(name.utf8)).prefix(16))
    }
}
