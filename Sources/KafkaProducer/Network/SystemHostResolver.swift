package import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The system's resolver, `getaddrinfo`. It blocks, for many seconds where no name server answers, so it runs on
/// threads of NIO's pool.
package struct SystemHostResolver: HostResolver {
    package init() {}

    package func addresses(
        of host: String, port: Int, on eventLoop: any EventLoop
    ) -> EventLoopFuture<[SocketAddress]> {
        if let literal = try? SocketAddress(ipAddress: host, port: port) {
            return eventLoop.makeSucceededFuture([literal])
        }
        return NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { try Self.lookUp(host, port: port) }
    }

    package func canonicalNames(of host: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            try Self.lookUp(host, port: 0).map { Self.canonicalName($0) ?? host }
        }
    }

    private static func lookUp(_ host: String, port: Int) throws(KafkaError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0 else {
            throw KafkaError(.network, "the host '\(host)' does not resolve: \(String(cString: gai_strerror(code)))")
        }
        var addresses: [SocketAddress] = []
        for entry in sequence(first: list, next: { $0?.pointee.ai_next }) {
            guard let entry, let raw = UnsafeRawPointer(entry.pointee.ai_addr) else { continue }
            var address: SocketAddress
            switch entry.pointee.ai_family {
            case AF_INET: address = SocketAddress(raw.loadUnaligned(as: sockaddr_in.self), host: host)
            case AF_INET6: address = SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self), host: host)
            default: continue
            }
            address.port = port
            if !addresses.contains(address) { addresses.append(address) }
        }
        guard !addresses.isEmpty else { throw KafkaError(.network, "the host '\(host)' has no address") }
        return addresses
    }

    private static func canonicalName(_ address: SocketAddress) -> String? {
        // As long as a name may be by RFC 1035, and its end.
        var name = [CChar](repeating: 0, count: 256)
        let code = address.withSockAddr { address, size in
            getnameinfo(address, socklen_t(size), &name, socklen_t(name.count), nil, 0, 0)
        }
        return code == 0
            ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
