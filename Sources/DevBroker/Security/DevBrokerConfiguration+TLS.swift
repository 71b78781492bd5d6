extension DevBrokerConfiguration {
    /// How a broker's listeners are encrypted. All files are PEM.
    public struct TLS: Sendable, Equatable {
        /// Whether clients show who they are (`ssl.client.auth`).
        public enum ClientAuthentication: String, Sendable, CaseIterable {
            case none
            /// A client may show a certificate; it is looked at then.
            case requested
            case required
        }

        public enum Version: Int, Sendable, CaseIterable, Comparable {
            case v12 = 2
            case v13

            public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
        }

        /// A file with the broker's certificate, and with those that vouch for it.
        public var certificateFile: String
        /// A file with the key that goes with the certificate, not encrypted; nil if it is in `certificateFile`.
        public var keyFile: String?
        /// A file with the certificates of those who vouch for clients.
        public var clientCAFile: String?
        public var clientAuthentication = ClientAuthentication.none
        /// The versions of TLS that are spoken.
        public var versions = Version.v12...Version.v13

        public init(certificateFile: String, keyFile: String? = nil) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }

        /// Whether clients that show a certificate can be told from others.
        var canAuthenticate: Bool { clientAuthentication == .none || clientCAFile != nil }
    }
}
