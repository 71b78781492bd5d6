import NIOCore
import NIOSSL

/// Whom a certificate is for: the names and addresses in its `subjectAltName`.
struct CertificateNames: Equatable {
    var hosts: [String] = []
    var addresses: [String] = []

    init(hosts: [String] = [], addresses: [String] = []) {
        self.hosts = hosts
        self.addresses = addresses
    }

    init(of certificate: NIOSSLCertificate) {
        for name in certificate._subjectAlternativeNames() {
            switch name.nameType {
            case .dnsName: hosts.append(String(decoding: name.contents, as: UTF8.self))
            case .ipAddress:
                let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: name.contents), port: 0)
                addresses.append(address?.ipAddress ?? "an address that cannot be read")
            default: break
            }
        }
    }

    /// Whether a host may have it, beyond what swift-nio-ssl has looked at: that takes the address to which a name was
    /// resolved for the name, and who can forge the one may have a certificate for the other.
    func mayBelong(to host: String) -> Bool {
        // Without any name swift-nio-ssl goes by the subject, as Java does.
        if hosts.isEmpty, addresses.isEmpty { return true }
        if (try? SocketAddress(ipAddress: host, port: 0)) != nil { return true }
        return hosts.contains { Self.matches($0, host) }
    }

    /// By RFC 6125: letter for letter, but for one `*` in the leftmost label.
    private static func matches(_ pattern: String, _ host: String) -> Bool {
        let pattern = labels(pattern)
        let host = labels(host)
        guard let first = pattern.first, let label = host.first, pattern.count == host.count,
            pattern.dropFirst() == host.dropFirst()
        else { return false }
        guard let star = first.firstIndex(of: "*") else { return first == label }
        let (before, after) = (first[..<star], first[first.index(after: star)...])
        return label.utf8.count > before.utf8.count + after.utf8.count
            && label.hasPrefix(before) && label.hasSuffix(after)
    }

    private static func labels(_ name: String) -> [Substring] {
        let name = name.lowercased()
        let complete = name.last == "." ? name.dropLast() : name[...]
        return complete.split(separator: ".", omittingEmptySubsequences: false)
    }
}

extension CertificateNames: CustomStringConvertible {
    private static let visibleLimit = 8

    var description: String {
        let names = (hosts + addresses).map(ConfigurationText.shown)
        if names.isEmpty { return "no host" }
        let rest = names.count > Self.visibleLimit ? " and \(names.count - Self.visibleLimit) more" : ""
        return names.prefix(Self.visibleLimit).joined(separator: ", ") + rest
    }
}
