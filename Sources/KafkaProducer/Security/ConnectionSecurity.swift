/// How connections are encrypted and how they log in; made once a producer.
struct ConnectionSecurity: Sendable {
    /// nil: they are not encrypted.
    var tls: TLSClient?
    /// nil: they do not log in.
    var login: SASLLogin?

    /// For connections that are neither encrypted nor logged in.
    static let none = ConnectionSecurity(tls: nil, login: nil)

    private init(tls: TLSClient?, login: SASLLogin?) {
        self.tls = tls
        self.login = login
    }

    /// Reads the files of `ssl.*`, if there are any, which blocks.
    /// - Throws: `KafkaError` of kind `configuration`, which names the key.
    init(_ settings: SecuritySettings) throws(KafkaError) {
        tls = try TLSClient.ifWanted(settings)
        login = try SASLLogin(settings)
    }
}
