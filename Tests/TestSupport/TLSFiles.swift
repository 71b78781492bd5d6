import ChildProcess

/// Certificates and keys for tests of TLS, made by `openssl` once a process, in a folder that goes with it.
public final class TLSFiles: Sendable {
    private static let made = Result { try TLSFiles() }

    public static func shared() throws -> TLSFiles { try made.get() }

    /// What a certificate is made of.
    struct Order {
        var name: String
        var signer = "ca"
        var alternativeNames: String?
        /// `YYYYMMDDHHMMSSZ`.
        var from = "20200101000000Z"
        var until = "20990101000000Z"
    }

    private static let orders = [
        Order(name: "server", alternativeNames: "DNS:localhost,IP:127.0.0.1,IP:::1"),
        Order(name: "misnamed", alternativeNames: "DNS:elsewhere.example,IP:10.1.2.3"),
        Order(name: "nameOnly", alternativeNames: "DNS:localhost"),
        Order(name: "addressOnly", alternativeNames: "IP:127.0.0.1"),
        Order(name: "nameless"),
        Order(name: "expired", alternativeNames: "DNS:localhost,IP:127.0.0.1", until: "20200102000000Z"),
        Order(name: "future", alternativeNames: "DNS:localhost,IP:127.0.0.1", from: "20980101000000Z"),
        Order(name: "client"),
        Order(name: "stranger", signer: "otherCA"),
    ]

    /// What the encrypted keys are encrypted with.
    public static let password = "open, sesame"

    private let folder: TemporaryFolder

    private init() throws {
        folder = try TemporaryFolder()
        for name in ["ca", "otherCA"] { try makeAuthority(name) }
        for order in Self.orders { try make(order) }
        for name in ["client", "stranger"] {
            try openssl(
                "pkcs8", "-topk8", "-in", key(name), "-out", path("\(name).encrypted.key"), "-passout",
                "pass:\(Self.password)")
            try folder.write(
                folder.bytes(of: "\(name).key") + folder.bytes(of: "\(name).pem"), to: "\(name).store.pem")
            try folder.write(
                folder.bytes(of: "\(name).pem") + folder.bytes(of: "\(name).encrypted.key"),
                to: "\(name).encrypted.store.pem")
        }
    }

    /// The certificate of an authority, a server or a client: `ca`, `server`, `client` …
    public func certificate(_ name: String) -> String { path("\(name).pem") }
    public func key(_ name: String) -> String { path("\(name).key") }
    public func encryptedKey(_ name: String) -> String { path("\(name).encrypted.key") }
    /// A file with both, as `ssl.keystore.location` takes it.
    public func keystore(_ name: String, isEncrypted: Bool = false) -> String {
        path(isEncrypted ? "\(name).encrypted.store.pem" : "\(name).store.pem")
    }

    /// What is in one of the files above.
    public func text(_ path: String) throws -> String {
        String(decoding: try folder.bytes(of: String(path.split(separator: "/").last ?? "")), as: UTF8.self)
    }

    /// A key in the form that came before PKCS #8, as text.
    public func olderKey(_ name: String) throws -> String {
        let file = path("\(name).older.key")
        try openssl("ec", "-in", key(name), "-out", file)
        return try text(file)
    }

    /// Writes a further file, and gives its path.
    public func write(_ bytes: [UInt8], to name: String) throws -> String { try folder.write(bytes, to: name) }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    private func makeAuthority(_ name: String) throws {
        try openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650",
            "-subj", "/CN=\(name)", "-keyout", key(name), "-out", certificate(name))
        try folder.write([], to: "\(name).index")
        let configuration = """
            [ca]
            default_ca = authority
            [authority]
            database = \(path("\(name).index"))
            new_certs_dir = \(folder.path)
            certificate = \(certificate(name))
            private_key = \(key(name))
            default_md = sha256
            rand_serial = yes
            unique_subject = no
            copy_extensions = copy
            policy = names
            [names]
            commonName = supplied
            """
        try folder.write(Array(configuration.utf8), to: "\(name).conf")
    }

    private func make(_ order: Order) throws {
        let request = path("\(order.name).csr")
        try openssl(
            [
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                "/CN=\(order.name)", "-keyout", key(order.name), "-out", request,
            ] + (order.alternativeNames.map { ["-addext", "subjectAltName=\($0)"] } ?? []))
        try openssl(
            "ca", "-batch", "-config", path("\(order.signer).conf"), "-startdate", order.from, "-enddate",
            order.until, "-notext", "-in", request, "-out", certificate(order.name))
    }

    private func openssl(_ arguments: String...) throws { try openssl(arguments) }

    private func openssl(_ arguments: [String]) throws {
        let outcome = try ChildProcess.runBlocking("openssl", arguments)
        guard outcome.status == 0 else { throw OpenSSLFailure(description: outcome.errors) }
    }
}

/// What openssl complained of.
struct OpenSSLFailure: Error, CustomStringConvertible {
    let description: String
}
