import ArgumentParser

/// `kafka-lua perf`.
struct PerfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perf",
        abstract: "Measure how fast records are delivered.",
        discussion: """
            What kafka-producer-perf-test does, with processor time, memory and pictures. Without --rate records are
            sent as fast as they are taken. With it each has its time, whether those before it were late or not, and
            its latency counts from then.

            Examples:
              kafka-lua perf -b localhost:9092 -t load
              kafka-lua perf -b localhost:9092 -t load --records 100000 --size 1000 --rate 20000
              kafka-lua perf -b localhost:9092 -t load --keys 1000 --partitioner vip.lua
              kafka-lua perf -b localhost:9092 -t load --acks 1 -X compression.type=lz4 -X linger.ms=5
              kafka-lua perf -b localhost:9092 -t load --records 100000 --json
              kafka-lua perf -b localhost:9092 -t load --html report.html

            Without -b the broker is the one of the prompt and of kafka-lua broker, on 127.0.0.1:9092. The fastest to
            measure against is: kafka-lua broker --discard

            Exit codes: 0 when all was delivered, 1 when something was not, 2 for a wrong call.
            """)

    @Option(name: [.customShort("t"), .customLong("topic")], help: "The topic.")
    var topic: String

    @Option(help: .init("How many records.", valueName: "N"))
    var records = 1_000_000

    @Option(help: .init("Bytes of each value.", valueName: "bytes"))
    var size = 100

    @Option(help: .init("Records a second, at steady times.", valueName: "N"))
    var rate: Double?

    @Option(help: .init("How many keys take turns; by default records have none.", valueName: "N"))
    var keys = 0

    @Option(
        help: .init("Which acknowledgements to wait for: all, 1 or 0.", valueName: "acks"),
        completion: .list(["all", "1", "0"]))
    var acks: String?

    @OptionGroup var plugins: PluginOptions

    @Flag(help: "Print the figures as one JSON object.")
    var json = false

    @Option(help: .init("Write the figures and pictures to this page too.", valueName: "file"), completion: .file())
    var html: String?

    @OptionGroup var common: CommonOptions

    mutating func validate() throws {
        guard records > 0 else { throw ValidationError("--records is 1 or more") }
        guard (0...(100 << 20)).contains(size) else { throw ValidationError("--size is from 0 to 104857600") }
        guard (0...10_000_000).contains(keys) else { throw ValidationError("--keys is from 0 to 10000000") }
        if let rate, !(rate > 0 && rate <= 1e9) { throw ValidationError("--rate is above 0, and 1e9 at most") }
    }

    var request: LoadRequest {
        LoadRequest(topic: topic, records: records, size: size, rate: rate, keys: keys)
    }

    func run() throws {
        var configuration = try common.configuration()
        if let acks { configuration.set("acks", acks) }
        try plugins.add(to: &configuration)
        let test = try Engines.current.makeLoadTest(configuration, request, common.diagnostics)
        let diagnostics = common.diagnostics
        let stop = StopRequest { diagnostics.warnOfUnacknowledged(test.counts) }
        let progress = ProgressReporter(common.progress) { test.counts }
        defer { progress.end() }
        let result = try test.run { stop.isMade }
        progress.end()
        if let html { try TextFile.write(DeliveryPage.html(result), to: html) }
        Descriptor.write(json ? LoadReport.json(result) + "\n" : text(result), to: Descriptor.output)
        if let code = stop.exitCode { throw ExitCode(code) }
        if result.figures.delivered < result.sent { throw ExitCode(1) }
    }

    private func text(_ result: LoadResult) -> String {
        LoadReport.text(result, common.chartStyle(for: Descriptor.output))
    }
}
