import KafkaWire

extension KafkaError {
    /// Whether a broker and this client do not trust each other: it does not go away by trying again.
    var isAuthenticationFailure: Bool {
        switch kind {
        case .authentication: true
        case .broker: Self.authenticationCodes.contains(code)
        default: false
        }
    }

    private static let authenticationCodes: Set<ErrorCode> = [
        .unsupportedSaslMechanism, .illegalSaslState, .saslAuthenticationFailed,
    ]
}
