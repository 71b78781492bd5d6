import NIOCore
import Synchronization

@testable import KafkaProducer

extension Producer {
    /// Whether `close` has been called.
    var isClosing: Bool { core.isClosed.load(ordering: .relaxed) }

    /// Returns when the sender has looked at all that was sent before.
    func settleSends() throws { try core.sender.eventLoop.submit {}.wait() }
}
