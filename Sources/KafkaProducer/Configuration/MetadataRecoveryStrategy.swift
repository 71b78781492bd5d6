/// What a client does when it can reach none of the brokers it knows (`metadata.recovery.strategy`, KIP-899, KIP-1102).
public enum MetadataRecoveryStrategy: String, Sendable, CaseIterable {
    /// It goes on trying the brokers it knows.
    case none
    /// It forgets them and starts again from `bootstrap.servers`.
    case rebootstrap
}
