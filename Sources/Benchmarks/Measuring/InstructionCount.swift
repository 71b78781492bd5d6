import ChildProcess

/// Counts the instructions that our producer's process executes for a record, with valgrind: a figure that does not
/// depend on the machine's speed, and hardly on what else it does.
struct InstructionCount {
    let benchmark: BenchmarkCase
    let bootstrapServers: String
    /// Takes the profile of the run that sends records, for `callgrind_annotate`.
    let profile: String

    static let records = 20_000

    /// The cases that are counted.
    static let cases = ["fire-and-forget", "keyed", "callback", "script-positional"].compactMap(BenchmarkCase.named)

    /// Only `flush` sends batches that are not full: under valgrind time passes too fast for `linger.ms` to mean
    /// anything, and the number of batches would be another in each run.
    private static let lingerMilliseconds = 60_000

    private static let limit = Duration.seconds(300)

    /// What a record costs: a run that sends none, but for warming up, is subtracted.
    func perRecord() throws -> Double {
        let idle = try run(records: 0)
        let busy = try run(records: Self.records)
        return Double(busy - idle) / Double(Self.records)
    }

    private func run(records: Int) throws -> Int {
        let outcome = try ChildProcess.runBlocking(
            "valgrind",
            [
                "--tool=callgrind", "--callgrind-out-file=\(records == 0 ? "/dev/null" : profile)",
                CommandLine.arguments[0], "turn", "--case", benchmark.name, "--contender",
                ContenderName.kafkaLua.rawValue, "--records", "\(records)", "--bootstrap-server", bootstrapServers,
                "--linger", "\(Self.lingerMilliseconds)",
            ],
            // What a dictionary or set costs depends on its seed.
            environment: ["SWIFT_DETERMINISTIC_HASHING": "1"], within: Self.limit)
        guard outcome.status == 0, let count = Self.collected(outcome.errors) else {
            throw BenchmarkError("\(benchmark.name) under valgrind: \(outcome.errors)\(outcome.output)")
        }
        return count
    }

    /// The number in callgrind's line `==123== Collected : 72269347`.
    static func collected(_ report: String) -> Int? {
        for line in report.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 4, words[1] == "Collected" { return Int(words[3]) }
        }
        return nil
    }
}
