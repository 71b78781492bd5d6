import ArgumentParser

/// `kafka-lua send`.
struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send records: the arguments, or the lines of standard input.",
        discussion: """
            Examples:
              kafka-lua send -b localhost:9092 -t orders hello
              kafka-lua send -b localhost:9092 -t orders -k k1 -H trace=abc hello
              kafka-lua send -b localhost:9092 -t orders -K: < keys-and-values.txt
              kafka-lua send -b localhost:9092 -t orders -X value.serializer=int64 42
              kafka-lua send -b localhost:9092 -t orders -k k1 -Z NULL NULL

            The last one sends a tombstone: a key with a null value. Without -b the broker is the one of the prompt and
            of kafka-lua broker, on 127.0.0.1:9092.

            Exit codes: 0 when all was delivered, 1 when something was not, 2 for a wrong call.
            """)

    @Option(name: [.customShort("t"), .customLong("topic")], help: "The topic.")
    var topic: String

    @Option(name: [.customShort("k"), .customLong("key")], help: "The key of every record.")
    var key: String?

    @Option(
        name: [.customShort("K", allowingJoined: true), .customLong("key-delimiter")],
        help: .init("What parts the key from the value; \\t is a tab.", valueName: "text"))
    var keyDelimiter: String?

    @Option(
        name: [.customShort("H"), .customLong("header")],
        help: .init("A header of every record; may be repeated. Without = it has no value.", valueName: "name=value"))
    var headers: [String] = []

    @Option(name: [.customShort("p"), .customLong("partition")], help: "The partition of every record.")
    var partition: Int32?

    @Option(
        name: [.customShort("z"), .customLong("compression")],
        help: .init("none, gzip, snappy, lz4 or zstd.", valueName: "codec"))
    var compression: String?

    @Option(
        name: [.customShort("Z"), .customLong("null")],
        help: .init("A key or value that is this text is null.", valueName: "marker"))
    var nullMarker: String?

    @OptionGroup var common: CommonOptions

    @Argument(help: "The values; without any, the lines of standard input.")
    var values: [String] = []

    mutating func validate() throws {
        if let partition, partition < 0 { throw ValidationError("a partition is 0 or more") }
        if keyDelimiter == "" { throw ValidationError("the key delimiter is empty") }
        for header in headers where RecordLine.header(header) == nil {
            throw ValidationError("-H takes name=value, not \(header)")
        }
    }

    /// How lines become records.
    var recordLine: RecordLine {
        RecordLine(
            topic: topic, partition: partition, key: key.map { Array($0.utf8) },
            keyDelimiter: keyDelimiter.map(RecordLine.delimiter), nullMarker: nullMarker.map { Array($0.utf8) },
            headers: headers.compactMap(RecordLine.header))
    }

    func run() throws {
        var configuration = try common.configuration()
        if let compression { configuration.set("compression.type", compression) }
        let diagnostics = common.diagnostics
        let sender = try Engines.current.makeSender(configuration, diagnostics)
        let feed = SendFeed(
            sender: sender, recordLine: recordLine, diagnostics: diagnostics,
            showsProgress: values.isEmpty && Descriptor.isTerminal(Descriptor.error))
        if !feed.run(values) { throw ExitCode(1) }
    }
}
