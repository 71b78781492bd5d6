import ArgumentParser
import KafkaProducer

/// `kafka-lua send`.
struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send records: the arguments, or standard input.",
        discussion: """
            What the formats make of standard input:
              lines  a record of each line
              json   a record of each line, an object as kafka-lua tail --output json writes it:
                     {"key": "k1", "value": "v", "headers": [["trace", "abc"]], "partition": 0, "timestamp": 0};
                     only "value" has to be there, and null is a tombstone
              csv    a record of each row below the row of names: a JSON object of its fields, or one of them
              raw    one record of everything

            Examples:
              kafka-lua send -b localhost:9092 -t orders hello
              kafka-lua send -b localhost:9092 -t orders -k k1 -H trace=abc hello
              kafka-lua send -b localhost:9092 -t orders -K: < keys-and-values.txt
              kafka-lua send -b localhost:9092 -t orders -X value.serializer=int64 42
              kafka-lua send -b localhost:9092 -t orders -k k1 -Z NULL NULL
              kafka-lua send -b localhost:9092 -t orders --format csv --key-column id < orders.csv
              kafka-lua send -b localhost:9092 -t images -k cat --format raw < cat.png
              kafka-lua send -b localhost:9092 -t orders --partitioner vip.lua --interceptor mask.lua < orders.txt
              kafka-lua tail orders -e -o json | kafka-lua send -t copies --format json

            The fifth sends a tombstone: a key with a null value. Without -b the broker is the one of the prompt and
            of kafka-lua broker, on 127.0.0.1:9092.

            Exit codes: 0 when all was delivered, 1 when something was not, 2 for a wrong call.
            """)

    @Option(name: [.customShort("t"), .customLong("topic")], help: "The topic.")
    var topic: String

    @Option(help: .init("How the input is read: lines, json, csv or raw.", valueName: "format"))
    var format: RecordFormat = .lines

    @Option(name: [.customShort("k"), .customLong("key")], help: "The key of every record that brings none.")
    var key: String?

    @Option(
        name: [.customShort("K", allowingJoined: true), .customLong("key-delimiter")],
        help: .init("What parts the key from the value of a line; \\t is a tab.", valueName: "text"))
    var keyDelimiter: String?

    @Option(
        name: [.customShort("H"), .customLong("header")],
        help: .init("A header of every record; may be repeated. Without = it has no value.", valueName: "name=value"))
    var headers: [String] = []

    @Option(name: [.customShort("p"), .customLong("partition")], help: "The partition of every record.")
    var partition: Int32?

    @Option(
        name: [.customShort("z"), .customLong("compression")],
        help: .init("none, gzip, snappy, lz4 or zstd.", valueName: "codec"),
        completion: .list(["none", "gzip", "snappy", "lz4", "zstd"]))
    var compression: String?

    @Option(
        name: [.customShort("Z"), .customLong("null")],
        help: .init("A key, a value or a field of CSV that is this text is null.", valueName: "marker"))
    var nullMarker: String?

    @Option(name: .customLong("key-column"), help: .init("The column of CSV that has the keys.", valueName: "name"))
    var keyColumn: String?

    @Option(
        name: .customLong("value-column"),
        help: .init("The column of CSV that is the value, instead of an object of all.", valueName: "name"))
    var valueColumn: String?

    @Option(help: .init("What parts the fields of CSV; \\t is a tab.", valueName: "character"))
    var separator = ","

    @OptionGroup var plugins: PluginOptions

    @OptionGroup var common: CommonOptions

    @Argument(help: "The values; without any, standard input is read.")
    var values: [String] = []

    mutating func validate() throws {
        if let partition, partition < 0 { throw ValidationError("a partition is 0 or more") }
        if keyDelimiter == "" { throw ValidationError("the key delimiter is empty") }
        for header in headers where RecordLine.header(header) == nil {
            throw ValidationError("-H takes name=value, not \(header)")
        }
        guard RecordLine.delimiter(separator).count == 1, separator != "\"" else {
            throw ValidationError("--separator is one character of ASCII")
        }
        if keyDelimiter != nil, format != .lines { throw ValidationError("-K is for --format lines") }
        let isCSV = format == .csv
        if !isCSV, keyColumn ?? valueColumn != nil {
            throw ValidationError("--key-column and --value-column are for --format csv")
        }
        if isCSV, !values.isEmpty { throw ValidationError("--format csv reads standard input, not arguments") }
    }

    /// How the input becomes records.
    var plan: SendPlan {
        var frame = RecordFrame(topic: topic, partition: partition)
        for header in headers.compactMap(RecordLine.header) { frame.headers.add(header.name, bytes: header.value) }
        var plan = SendPlan(
            frame, format: format, key: key.map { Array($0.utf8) },
            keyDelimiter: keyDelimiter.map(RecordLine.delimiter) ?? [], nullMarker: nullMarker.map { Array($0.utf8) },
            columns: RecordRow.Columns(key: keyColumn, value: valueColumn))
        plan.separator = RecordLine.delimiter(separator).first ?? plan.separator
        return plan
    }

    func run() throws {
        var configuration = try common.configuration()
        if let compression { configuration.set("compression.type", compression) }
        try plugins.add(to: &configuration)
        let diagnostics = common.diagnostics
        let sender = try Engines.current.makeSender(configuration, diagnostics)
        let feed = SendFeed(sender: sender, plan: plan)
        let stop = StopRequest { diagnostics.warnOfUnacknowledged(sender.counts) }
        let start = ContinuousClock.now
        let progress = ProgressReporter(common.progress) { feed.counts }
        let failures = feed.run(values, input: InputBuffer(stop: stop.descriptor)) { stop.isMade }
        let wasShown = progress.end()
        if wasShown || diagnostics.isVerbose, !common.isQuiet {
            diagnostics.note(ProgressLine.summary(sender.counts, elapsed: .now - start))
        }
        for failure in failures { diagnostics.report(failure) }
        if let code = failures.map(\.exitCode).max() { throw ExitCode(code) }
        if let code = stop.exitCode { throw ExitCode(code) }
    }
}

extension RecordFormat: ExpressibleByArgument {}
