import ArgumentParser
import DevBroker

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `soak swap`: exchanges a Lua script again and again while threads send.
struct SwapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swap",
        abstract:
            "Exchanges a Lua script while threads send, reads the log back, and fails if anything is lost, stored "
            + "twice, out of order, or seen by two versions.")

    @Option(help: "Records.")
    var records = 4_000_000

    @Option(help: "How many versions follow the first.")
    var swaps = 1000

    @Option(help: "Threads that send.")
    var threads = 4

    @Option(help: "Partitions of the topic.")
    var partitions = 12

    @Option(help: "Keys of each thread.")
    var keys = 50

    @Option(help: "Lua states of the script (instances).")
    var instances = 1

    @Flag(help: "Swap with drain = keys, and see that each key keeps its order from one partition to the next.")
    var drain = false

    @Option(help: "What goes wrong, as `kafka-lua broker` takes it.")
    var faults: String?

    func validate() throws {
        do {
            _ = try faults.map { try Faults(parsing: $0) }
        } catch {
            throw ValidationError("--faults: \(error)")
        }
        guard records > 0, swaps >= 0, threads > 0, partitions > 0, keys > 0, (1...64).contains(instances) else {
            throw ValidationError("--records, --threads, --partitions and --keys are 1 or more, --instances 1 to 64")
        }
    }

    func run() async throws {
        let result = try await SwapSoak(self).run()
        print(result)
        for problem in result.problems { print("    \(problem)") }
        fflush(nil)
        guard result.problems.isEmpty else { throw ExitCode.failure }
    }
}
