/// What kind of broker to start.
struct BrokerRequest: Equatable, Sendable {
    /// The port of the first node; 0 lets the system choose. Further nodes listen on ports the system chooses.
    var port: Int = 9092
    /// A folder that keeps the records; nil keeps them in memory.
    var dataFolder: String?
    var brokers = 1
    /// Of topics that are created on first use.
    var partitions: Int32 = 1
    /// Keeps nothing.
    var discards = false
    /// What goes wrong on purpose, as `DevBroker` reads it.
    var faults: String?
    /// The generation of the transaction protocol that clients are told.
    var transactionVersion: Int16 = 2
    /// nil: connections are not encrypted.
    var tls: TLS?
    /// nil: nobody has to log in.
    var sasl: SASL?

    /// How listeners are encrypted; files are PEM.
    struct TLS: Equatable, Sendable {
        static let clientAuthentications = ["none", "requested", "required"]

        var certificateFile: String
        var keyFile: String?
        var clientCAFile: String?
        /// One of `clientAuthentications`.
        var clientAuthentication = "none"
    }

    /// How clients log in.
    struct SASL: Equatable, Sendable {
        static let knownMechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]

        var users = BrokerUsers()
        /// A file that names more of them.
        var usersFile: String?
        /// Some of `knownMechanisms`; nil for those with passwords.
        var mechanisms: [String]?
        var sessionLifetimeMs: Int64?
    }
}
