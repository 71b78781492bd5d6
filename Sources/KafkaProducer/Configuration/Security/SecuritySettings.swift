/// How connections are encrypted and how the client names itself to brokers.
public struct SecuritySettings: Sendable, Equatable {
    public var `protocol` = SecurityProtocol.plaintext
    public var tls = TLSSettings()
    public var sasl = SASLSettings()

    public init() {}
}
