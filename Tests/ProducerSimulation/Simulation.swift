import KafkaProducer
import Logging
import NIOCore
import NIOEmbedded
import TestSupport

/// A whole producer, its callers, a network and a strict cluster, all in one thread and in a time of their own. What
/// happens depends on the seed alone.
package final class Simulation {
    package struct Outcome: SimulationOutcome {
        package var seed: UInt64
        package var violations: [String] = []
        package var records = 0
        package var delivered = 0
        package var failed = 0
        package var duplicates = 0
        package var refusals = 0
        package var tooLarge = 0
        package var epochs = 0
        package var expired = 0
        package var waits = 0

        package init(seed: UInt64, violations: [String] = []) {
            self.seed = seed
            self.violations = violations
        }

        package var figures: [(name: String, count: Int)] {
            [
                ("records", records), ("delivered", delivered), ("failed", failed), ("expired", expired),
                ("waits", waits), ("batches refused", refusals), ("repeated", duplicates), ("too large", tooLarge),
                ("new epochs", epochs),
            ]
        }
    }

    private let scenario: Scenario
    private let loop = EmbeddedEventLoop()
    private let cluster: VirtualCluster
    private let network: VirtualNetwork
    private let core: ProducerCore
    private let journal = Journal()
    private let topic: Topic
    private var chance: SeededGenerator
    private var callers: [Caller]
    private var begun = 0
    private var waits = 0
    private var stopped: [(node: Int32, until: NIODeadline)] = []

    package init(seed: UInt64) throws {
        scenario = Scenario(seed: seed)
        chance = SeededGenerator(seed: seed ^ 0x5eed)
        cluster = VirtualCluster(scenario) { [loop] in _ = loop.scheduleTask(in: $0, $1) }
        network = VirtualNetwork(
            cluster, stalls: scenario.faults.stalls, versions: scenario.versions,
            chance: SeededGenerator(seed: seed ^ 0xface))
        // Not the beginning of time, from which nothing can be subtracted.
        loop.advanceTime(by: .hours(1))
        let configuration = try ProducerConfiguration(
            properties: scenario.keys.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
        core = try ProducerCore(
            configuration, logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
            environment: ProducerEnvironment(
                eventLoop: loop, transport: network, generator: SeededGenerator(seed: seed ^ 0xc0de)))
        topic = core.topic(VirtualCluster.topic)
        callers = Array(repeating: Caller(), count: scenario.callers)
    }

    /// Plays the schedule to its end.
    package func run() -> Outcome {
        var isClosed = false
        while begun < scenario.records || callers.contains(where: { !$0.isIdle }) {
            step()
            if scenario.faults.closesProducer, !isClosed, begun > scenario.records / 2 {
                core.beginClose()
                isClosed = true
            }
        }
        cluster.heal()
        let limit = loop.now + .minutes(10)
        while !journal.isComplete, loop.now < limit { loop.advanceTime(by: .milliseconds(50)) }
        let freeMemory = settledMemory()
        core.beginClose()
        loop.run()
        let outcome = judge(freeMemory: freeMemory)
        try? loop.syncShutdownGracefully()
        return outcome
    }

    /// Sockets may still have to let go of what is complete.
    private func settledMemory() -> Int {
        loop.advanceTime(by: .seconds(2))
        return core.availableMemory
    }

    // MARK: - One thing after another

    private func step() {
        switch Int.random(in: 0..<1000, using: &chance) {
        case 0..<scenario.faults.flushes: _ = core.sender.flush()
        case 100..<100 + scenario.faults.moves: move()
        case 200..<200 + scenario.faults.outages: stopNode()
        case 300..<700: advance()
        default: call()
        }
    }

    private func call() {
        let index = Int.random(in: callers.indices, using: &chance)
        if callers[index].isIdle {
            guard begun < scenario.records else { return advance() }
            journal.begin(UInt64(begun))
            callers[index].begin(UInt64(begun), scenario: scenario, now: loop.now, chance: &chance)
            begun += 1
        }
        callers[index].step(journal, core, topic: topic, now: loop.now)
        if !callers[index].isIdle { waits += 1 }
    }

    private func advance() {
        // Mostly little, now and then much.
        let most: Int64 = Int.random(in: 0..<10, using: &chance) == 0 ? 300_000 : 8000
        loop.advanceTime(by: .microseconds(Int64.random(in: 0...most, using: &chance)))
        for (node, until) in stopped where until <= loop.now { cluster.start(node) }
        stopped.removeAll { $0.until <= loop.now }
    }

    private func move() {
        cluster.move(
            Int.random(in: 0..<Int(scenario.partitions), using: &chance),
            to: Int32.random(in: 0..<scenario.nodes, using: &chance))
    }

    private func stopNode() {
        let node = Int32.random(in: 0..<scenario.nodes, using: &chance)
        cluster.stop(node)
        network.disconnect(node)
        stopped.append((node, loop.now + .milliseconds(Int64.random(in: 1...400, using: &chance))))
    }

    // MARK: - Judgement

    private func judge(freeMemory: Int) -> Outcome {
        var outcome = Outcome(seed: scenario.seed, violations: cluster.violations)
        outcome.records = begun
        outcome.waits = waits
        outcome.refusals = cluster.refusalCount
        outcome.tooLarge = cluster.tooLargeCount
        outcome.epochs = cluster.partitions.reduce(0) { $0 + $1.content.epochs }
        outcome.duplicates = cluster.partitions.reduce(0) { $0 + $1.content.duplicates }
        if freeMemory != core.configuration.bufferMemory {
            outcome.violations.append("\(freeMemory) of \(core.configuration.bufferMemory) bytes are free at the end")
        }
        let logs = cluster.partitions.map(\.content.log)
        let configuration = core.configuration
        if configuration.enableIdempotence == true {
            for log in logs { judgeOrder(of: log, &outcome) }
        } else if configuration.maxInFlightRequestsPerConnection == 1, configuration.acks != .none {
            for log in logs { judgeOrder(of: firstOccurrences(in: log), &outcome) }
        }
        for (number, entry) in journal.entries.sorted(by: { $0.key < $1.key }) { judge(number, entry, logs, &outcome) }
        return outcome
    }

    /// Every record is there at most once, and in the order in which it was accepted.
    private func judgeOrder(of log: [UInt64], _ outcome: inout Outcome) {
        let places = log.map { journal.entries[$0]?.place ?? -1 }
        for (first, second) in zip(places, places.dropFirst()) where first >= second {
            outcome.violations.append("record \(first) is before \(second)")
        }
    }

    /// The records that were acknowledged, where they come first. With one request in flight they are in order, though
    /// what is repeated without idempotence may come again later.
    private func firstOccurrences(in log: [UInt64]) -> [UInt64] {
        var seen: Set<UInt64> = []
        return log.filter { number in
            journal.entries[number]?.completions.first?.error == nil && seen.insert(number).inserted
        }
    }

    private func judge(_ number: UInt64, _ entry: Journal.Entry, _ logs: [[UInt64]], _ outcome: inout Outcome) {
        guard entry.completions.count == 1, let (metadata, error) = entry.completions.first else {
            return outcome.violations.append("record \(number) was completed \(entry.completions.count) times")
        }
        if entry.future?.isDone != true { outcome.violations.append("the future of record \(number) is not done") }
        if let error {
            outcome.failed += 1
            if error.kind == .timeout { outcome.expired += 1 }
            return
        }
        outcome.delivered += 1
        guard core.configuration.acks != .none else { return }
        let log = logs[Int(metadata.partition)]
        let isThere = metadata.offset < 0 ? log.contains(number) : log[Int(metadata.offset)] == number
        if !isThere { outcome.violations.append("record \(number) is not at \(metadata.offset)") }
        if let told = try? entry.future?.get(), told != metadata {
            outcome.violations.append("record \(number): the future says other things than the callback")
        }
    }
}
