import ArgumentParser

/// How the embedded broker's listeners are encrypted.
struct ListenerTLSOptions: ParsableArguments {
    @Option(
        name: .customLong("tls-cert"),
        help: .init("Speak TLS, with the certificate chain of this PEM file.", valueName: "file"))
    var certificate: String?

    @Option(
        name: .customLong("tls-key"),
        help: .init("The certificate's key; by default it is in the same file.", valueName: "file"))
    var key: String?

    @Option(
        name: .customLong("tls-client-ca"),
        help: .init("Who vouches for clients; they must show a certificate.", valueName: "file"))
    var clientCA: String?

    @Option(
        name: .customLong("tls-client-auth"),
        help: .init(
            "Whether clients show a certificate: \(BrokerRequest.TLS.clientAuthentications.joined(separator: ", ")).",
            valueName: "how"))
    var clientAuthentication: String?

    mutating func validate() throws {
        if certificate == nil, key != nil || clientCA != nil || clientAuthentication != nil {
            throw ValidationError("--tls-key, --tls-client-ca and --tls-client-auth need --tls-cert")
        }
        guard let clientAuthentication else { return }
        let choices = BrokerRequest.TLS.clientAuthentications
        guard choices.contains(clientAuthentication) else {
            throw ValidationError("--tls-client-auth is one of \(choices.joined(separator: ", "))")
        }
        if clientAuthentication != "none", clientCA == nil {
            throw ValidationError("--tls-client-auth \(clientAuthentication) needs --tls-client-ca")
        }
    }

    var request: BrokerRequest.TLS? {
        certificate.map {
            BrokerRequest.TLS(
                certificateFile: $0, keyFile: key, clientCAFile: clientCA,
                clientAuthentication: clientAuthentication ?? (clientCA == nil ? "none" : "required"))
        }
    }
}
