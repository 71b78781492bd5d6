import ArgumentParser
import DevBroker

/// The discarding broker, in the process that `CompareCommand` starts for it.
struct BrokerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "broker", shouldDisplay: false)

    @Option var nodes = 1
    @Option var partitions = 6

    /// Prints the bootstrap servers and serves until standard input closes.
    func run() throws {
        var configuration = DevBrokerConfiguration()
        configuration.nodes = nodes
        configuration.partitionsPerTopic = partitions
        configuration.discard = true
        let broker = DevBroker(configuration)
        try broker.startBlocking()
        show(broker.bootstrapServers)
        while readLine() != nil {}
        try broker.shutdownBlocking()
    }
}
