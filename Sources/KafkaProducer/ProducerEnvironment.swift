package import NIOCore
import NIOPosix

/// What a producer runs on: its thread, its way to the brokers, its chance. A simulation brings its own, with a clock
/// of its own.
package struct ProducerEnvironment: Sendable {
    /// Where the sender lives; the producer's clock as well.
    let eventLoop: any EventLoop
    let transport: any Transport
    let generator: any RandomNumberGenerator & Sendable
    /// Ends the thread.
    let shutDown: @Sendable () -> Void

    package init(
        eventLoop: any EventLoop, transport: any Transport, generator: any RandomNumberGenerator & Sendable,
        shutDown: @escaping @Sendable () -> Void = {}
    ) {
        self.eventLoop = eventLoop
        self.transport = transport
        self.generator = generator
        self.shutDown = shutDown
    }

    /// A thread of the producer's own, and brokers over TCP.
    /// - Throws: `KafkaError` of kind `configuration`, which names the key.
    static func network(_ configuration: ProducerConfiguration) throws(KafkaError) -> ProducerEnvironment {
        let transport = try TCPTransport(configuration: configuration)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        return ProducerEnvironment(
            eventLoop: group.next(), transport: transport, generator: SystemRandomNumberGenerator(),
            shutDown: { group.shutdownGracefully { _ in } })
    }
}
