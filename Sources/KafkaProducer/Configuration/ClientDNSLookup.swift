/// How the names of brokers become addresses (`client.dns.lookup`, KIP-302 and KIP-235).
public enum ClientDNSLookup: String, Sendable, CaseIterable {
    /// All addresses of a name are tried in turn until one answers.
    case useAllDNSIPs = "use_all_dns_ips"
    /// The same; besides, each address of a bootstrap name is replaced by its canonical name, which Kerberos and
    /// certificates may ask for.
    case resolveCanonicalBootstrapServersOnly = "resolve_canonical_bootstrap_servers_only"
}
