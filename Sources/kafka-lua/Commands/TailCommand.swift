import ArgumentParser

/// `kafka-lua tail`.
struct TailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Print the records of a topic.",
        discussion: """
            Examples:
              kafka-lua tail orders
              kafka-lua tail orders -b localhost:9092 --from beginning -e
              kafka-lua tail orders -b localhost:9092 --from -10 -p 0
              kafka-lua tail orders -b localhost:9092 -o json | jq .value

            They print the last ten records of each partition and what follows, until Ctrl-C; all there are; the same
            of partition 0; values alone. Without -b the broker is the one of the prompt and of kafka-lua broker, on
            127.0.0.1:9092.
            """)

    @Argument(help: "The topic.")
    var topic: String

    @Option(
        parsing: .unconditional,
        help: .init(
            "Where to begin: beginning, end, an offset, or -N for N records before the end.", valueName: "start"))
    var from: TailRequest.Start = .lastTen

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var output: OutputFormat = .table

    @Flag(name: [.customShort("e"), .customLong("exit")], help: "Stop at what is the end now.")
    var stopsAtEnd = false

    @Option(name: [.customShort("n"), .customLong("count")], help: .init("Stop after N records.", valueName: "N"))
    var count: Int?

    @Option(name: [.customShort("p"), .customLong("partition")], help: "Only this partition.")
    var partition: Int32?

    @OptionGroup var common: CommonOptions

    mutating func validate() throws {
        if let partition, partition < 0 { throw ValidationError("a partition is 0 or more") }
        if let count, count < 0 { throw ValidationError("a count is 0 or more") }
    }

    var request: TailRequest {
        TailRequest(topic: topic, partition: partition, start: from, stopsAtEnd: stopsAtEnd, count: count)
    }

    func run() throws {
        let configuration = try common.configuration()
        let reader = try Engines.current.makeReader(configuration, request, common.diagnostics, until: Interruption())
        var printer = RecordPrinter(format: output, palette: common.palette(for: Descriptor.output))
        var left = count ?? .max
        while left > 0, let record = try reader.next() {
            left -= 1
            // Nobody reads any more, as with `| head`.
            guard Descriptor.write(printer.text(record), to: Descriptor.output) else { return }
        }
    }
}

extension TailRequest.Start: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }

    var defaultValueDescription: String {
        switch self {
        case .beginning: "beginning"
        case .end: "end"
        case .offset(let offset): String(offset)
        }
    }
}

extension OutputFormat: ExpressibleByArgument {}
