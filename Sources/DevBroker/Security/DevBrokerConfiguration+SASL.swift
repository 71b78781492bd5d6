extension DevBrokerConfiguration {
    /// How clients log in.
    public struct SASL: Sendable {
        /// A way to log in.
        public enum Mechanism: String, Sendable, CaseIterable {
            case plain = "PLAIN"
            case scramSHA256 = "SCRAM-SHA-256"
            case scramSHA512 = "SCRAM-SHA-512"
            /// With unsecured tokens (RFC 7515, appendix A.5), which say themselves whose they are: for tests.
            case oauthBearer = "OAUTHBEARER"
        }

        /// A secret: it prints as `***`.
        public struct Password: Sendable, Equatable {
            let text: String

            public init(_ text: String) { self.text = text }
        }

        /// The passwords, by the names of their users.
        public var users: [String: Password]
        /// The ways that are open, in the order in which clients are told of them.
        public var mechanisms: [Mechanism] = [.plain, .scramSHA256, .scramSHA512]
        /// After this many milliseconds clients have to log in anew (`connections.max.reauth.ms`); 0 for never.
        public var sessionLifetimeMs: Int64 = 0

        public init(users: [String: Password]) { self.users = users }
    }
}

extension DevBrokerConfiguration.SASL.Password: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self.init(text) }
}

extension DevBrokerConfiguration.SASL.Password: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
