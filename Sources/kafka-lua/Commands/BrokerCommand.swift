import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `kafka-lua broker`.
struct BrokerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Serve the embedded broker, for trying and testing.",
        discussion: """
            It listens on 127.0.0.1 and stops at Ctrl-C. It is no cluster: nothing is replicated.

            Examples:
              kafka-lua broker
              kafka-lua broker --port 19092 --partitions 6 --data /tmp/records
              kafka-lua broker --port 0 --discard        for benchmarks
              kafka-lua broker --brokers 3 --faults errors=20,lost=10,moves=2,delay=5ms
              kafka-lua broker --tls-cert broker.pem --tls-key broker.key
              kafka-lua broker --users-file users.txt --sasl-mechanisms SCRAM-SHA-512

            What --faults lets go wrong, by chance and so often in a thousand:
              errors      a batch, a topic's metadata or a producer id is refused with an error worth a retry
              late        a batch is appended, and answered with such an error all the same
              refused     a batch is refused for good
              closed      a connection is closed before the request is looked at
              lost        a request is done, and the connection closed in place of the answer
              unanswered  a request is done and never answered
              moves       a partition moves to another node before a batch arrives
            delay=5ms lets each answer take up to so long; seed=7 draws other chances than seed=1.
            """)

    @Option(help: .init("The port; 0 lets the system choose.", valueName: "port"))
    var port = 9092

    @Option(help: .init("Keep the records in this folder, across restarts.", valueName: "dir"))
    var data: String?

    @Option(help: .init("How many nodes.", valueName: "N"))
    var brokers = 1

    @Option(help: .init("Partitions of topics that are created on first use.", valueName: "N"))
    var partitions: Int32 = 1

    @Flag(help: "Keep nothing: records are checked, acknowledged and forgotten.")
    var discard = false

    @Option(help: .init("What goes wrong on purpose, such as errors=20,lost=10.", valueName: "name=N,…"))
    var faults: String?

    @Option(
        help: .init(
            """
            The protocol of transactions: 2 as in Kafka 4, where a write makes its partition part of the transaction \
            and each transaction has an epoch of its own; 0 or 1 as before.
            """, valueName: "N"))
    var transactionVersion: Int16 = 2

    @OptionGroup var tls: ListenerTLSOptions

    @OptionGroup var sasl: ListenerSASLOptions

    @OptionGroup var common: CommonOptions

    mutating func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("a port is from 0 to 65535") }
        guard (1...64).contains(brokers) else { throw ValidationError("--brokers is from 1 to 64") }
        guard (1...10_000).contains(partitions) else { throw ValidationError("--partitions is from 1 to 10000") }
        guard (0...2).contains(transactionVersion) else { throw ValidationError("--transaction-version is 0, 1 or 2") }
        if discard, data != nil { throw ValidationError("--discard keeps nothing, so it has no use for --data") }
    }

    var request: BrokerRequest {
        BrokerRequest(
            port: port, dataFolder: data, brokers: brokers, partitions: partitions, discards: discard, faults: faults,
            transactionVersion: transactionVersion, tls: tls.request, sasl: sasl.request)
    }

    func run() throws {
        let broker = try Engines.current.makeBroker(request)
        let signals = WakePipe(blocking: true)
        for signal in [SIGINT, SIGTERM] { signals.forward(signal: signal) }
        // The addresses are the result: a script that started this reads them, and may end it at once.
        Descriptor.write(broker.addresses.joined(separator: ",") + "\n", to: Descriptor.output)
        while signals.drain().isEmpty {}
        broker.stop()
    }
}
