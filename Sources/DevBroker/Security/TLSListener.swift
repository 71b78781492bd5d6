import NIOCore
import NIOSSL

/// The broker's side of TLS, made once.
struct TLSListener: Sendable {
    private let context: NIOSSLContext

    /// Clients that have gone are not waited for.
    private static let shutdownTimeout = TimeAmount.milliseconds(100)

    /// - Throws: `DevBrokerError` that names the file which cannot be used.
    init(_ settings: DevBrokerConfiguration.TLS) throws(DevBrokerError) {
        let keyFile = settings.keyFile ?? settings.certificateFile
        let chain = try Self.certificates(settings.certificateFile)
        let key = try Self.load(keyFile, "the TLS key") {
            // Without a callback BoringSSL would ask for a password on the terminal.
            try NIOSSLPrivateKey(file: $0, format: .pem) { (give: NIOSSLPassphraseSetter<[UInt8]>) in give([]) }
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = settings.versions.lowerBound == .v12 ? .tlsv12 : .tlsv13
        configuration.maximumTLSVersion = settings.versions.upperBound == .v12 ? .tlsv12 : .tlsv13
        configuration.shutdownTimeout = Self.shutdownTimeout
        if let file = settings.clientCAFile {
            configuration.trustRoots = .certificates(try Self.certificates(file))
            configuration.sendCANameList = true
        }
        switch settings.clientAuthentication {
        case .none: configuration.certificateVerification = .none
        case .requested: configuration.certificateVerification = .optionalVerification
        case .required: configuration.certificateVerification = .noHostnameVerification
        }
        context = try Self.load(keyFile, "the TLS key does not go with the certificate, or") { _ in
            try NIOSSLContext(configuration: configuration)
        }
    }

    func handler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: context) }

    private static func certificates(_ file: String) throws(DevBrokerError) -> [NIOSSLCertificate] {
        let certificates = try load(file, "the TLS certificate") { try NIOSSLCertificate.fromPEMFile($0) }
        if certificates.isEmpty { throw DevBrokerError("the TLS certificate in \(file) is missing") }
        return certificates
    }

    private static func load<Value>(
        _ file: String, _ what: String, _ body: (String) throws -> Value
    ) throws(DevBrokerError) -> Value {
        do {
            return try body(file)
        } catch {
            throw DevBrokerError("\(what) in \(file) cannot be used: \(error)")
        }
    }
}
