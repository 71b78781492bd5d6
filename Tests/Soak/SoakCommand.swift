import ArgumentParser
import DevBroker

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `soak run`.
struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Sends records through a broker that fails on purpose, and looks whether each arrived as promised.",
        discussion: """
            With idempotence each record has to be in the log exactly once, in the order in which its thread sent it to
            its partition; without it, at least once. Each callback has to run once and name the place of its record, \
            and all memory has to come home.
            """)

    @Option(help: "Records a seed.")
    var records = 1_000_000

    @Option(help: "How many seeds.")
    var seeds = 10

    @Option(help: "The first seed; a failed one is replayed with --seeds 1.")
    var firstSeed: UInt64 = 1

    @Option(help: "Nodes of the broker. With more than one, one of them ends for a while.")
    var nodes = 3

    @Option(help: "Partitions of the topic.")
    var partitions = 12

    @Option(help: "Threads that send.")
    var threads = 2

    @Option(help: "What goes wrong, as `kafka-lua broker` takes it; the seed is added.")
    var faults = "errors=50,late=20,closed=10,lost=10,unanswered=1,moves=20,delay=1ms"

    @Option(help: "The largest batch that the broker takes, in bytes (message.max.bytes).")
    var maxMessageBytes = 1_048_588

    @Flag(help: "Records may fail. One that did may be in the log, but no more often than one that did not.")
    var allowFailures = false

    @Flag(inversion: .prefixedNo, help: "enable.idempotence of the producer.")
    var idempotence = true

    @Option(name: .customShort("X"), help: "A setting of the producer, name=value; may be given several times.")
    var settings: [String] = []

    func validate() throws {
        guard records > 0, seeds > 0, threads > 0 else {
            throw ValidationError("--records, --seeds and --threads are 1 or more")
        }
        do {
            _ = try Faults(parsing: faults)
        } catch {
            throw ValidationError("--faults: \(error)")
        }
    }

    func run() async throws {
        var failedSeeds: [UInt64] = []
        for seed in firstSeed..<firstSeed + UInt64(seeds) {
            let result = try await Soak(self, seed: seed).run()
            print("seed \(seed): \(result)")
            for problem in result.problems { print("    \(problem)") }
            fflush(nil)
            if !result.problems.isEmpty { failedSeeds.append(seed) }
        }
        guard failedSeeds.isEmpty else {
            print("failed: " + failedSeeds.map { "--seeds 1 --first-seed \($0)" }.joined(separator: "; "))
            throw ExitCode.failure
        }
    }
}
