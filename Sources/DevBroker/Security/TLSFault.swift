import NIOSSL

/// Why a client's TLS failed, as the log has it.
struct TLSFault: CustomStringConvertible {
    let description: String

    /// nil for what has nothing to do with TLS, and for the usual end of a connection.
    init?(_ error: any Error) {
        switch error {
        case NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])):
            description = "the client closed the connection during the TLS handshake"
        case NIOSSLError.handshakeFailed(let error): description = Self.explanation(of: error)
        default: return nil
        }
    }

    private static let explanations = [
        "HTTP_REQUEST": "the client speaks HTTP, this listener speaks TLS",
        "WRONG_VERSION_NUMBER": "the client does not speak TLS, this listener does",
        "UNSUPPORTED_PROTOCOL": "the client speaks no version of TLS that this listener does",
        "PEER_DID_NOT_RETURN_A_CERTIFICATE": "the client shows no certificate, and must",
        "CERTIFICATE_VERIFY_FAILED": "nobody who is trusted here vouches for the client's certificate",
    ]

    private static func explanation(of error: BoringSSLError) -> String {
        // `Error: 268435612 error:1000009c:SSL routines:OPENSSL_internal:HTTP_REQUEST at …` is what there is of it.
        guard case .sslError(let stack) = error, let first = stack.first?.description else {
            return "TLS failed: \(error)"
        }
        let name = first.split(separator: ":").drop { $0 != "OPENSSL_internal" }.dropFirst().first
        let reason = name.map { String($0.prefix { $0 != " " }) } ?? first
        if let known = explanations[reason] { return known }
        return reason.contains("_ALERT_") ? "the client refuses to go on: \(reason)" : "TLS failed: \(reason)"
    }
}
