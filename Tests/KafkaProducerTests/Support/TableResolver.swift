import NIOCore
import Synchronization

@testable import KafkaProducer

/// Names that stand for what a test says, one answer after the other; the last one stays.
final class TableResolver: HostResolver {
    private let table: Mutex<[String: [[String]]]>
    let lookUps = Log<String>()

    init(_ table: [String: [[String]]]) { self.table = Mutex(table) }

    func addresses(of host: String, port: Int, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        lookUps.append(host)
        return eventLoop.makeCompletedFuture {
            try next(host).map { try SocketAddress(ipAddress: $0, port: port) }
        }
    }

    func canonicalNames(of host: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
        eventLoop.makeCompletedFuture { try next(host) }
    }

    private func next(_ host: String) throws -> [String] {
        try table.withLock { table in
            guard let first = table[host]?.first else { throw KafkaError(.network, "the host '\(host)' is not there") }
            if table[host, default: []].count > 1 { table[host]?.removeFirst() }
            return first
        }
    }
}
