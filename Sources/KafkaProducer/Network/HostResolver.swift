package import NIOCore

/// Makes addresses of the names of hosts. Tests and simulations bring their own.
package protocol HostResolver: Sendable {
    /// All addresses of a host, the best first; never an empty array.
    /// - Returns: a future that fails with a `KafkaError` of kind `network`, which names the host.
    func addresses(of host: String, port: Int, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]>

    /// The canonical name of each address of a host; the address itself where it has none.
    /// - Returns: a future that fails as that of `addresses` does.
    func canonicalNames(of host: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]>
}
