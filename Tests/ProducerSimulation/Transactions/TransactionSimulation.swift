import KafkaProducer
import Logging
import NIOCore
import NIOEmbedded
import TestSupport

/// Whole producers of one transactional id, one after the other and sometimes beside each other, the program that each
/// serves, a network and a strict cluster with its coordinators. What happens depends on the seed alone.
package final class TransactionSimulation {
    let scenario: Scenario
    let cluster: VirtualCluster
    let journal = Journal()
    private(set) var programs: [TransactionProgram] = []
    /// Of the simulation itself: what is not as it should be, though no program can tell.
    var violations: [String] = []

    private let loop = EmbeddedEventLoop()
    private let network: VirtualNetwork
    private let configuration: ProducerConfiguration
    private var chance: SeededGenerator
    private var stopped: [(node: Int32, until: NIODeadline)] = []
    private var agreement: Int64 = 1

    private static let programLimit = 40
    private static let stepLimit = 100_000
    /// In a cluster that is well.
    private static let tries = 40

    package init(seed: UInt64) throws {
        scenario = Scenario(transactionsOf: seed)
        chance = SeededGenerator(seed: seed ^ 0x5eed)
        cluster = VirtualCluster(scenario) { [loop] in _ = loop.scheduleTask(in: $0, $1) }
        let level = scenario.transactions?.level ?? 0
        cluster.transactions.knowsImplicit = level >= 2
        network = VirtualNetwork(
            cluster, stalls: scenario.faults.stalls, versions: scenario.versions(agreement: agreement, level: level),
            chance: SeededGenerator(seed: seed ^ 0xface))
        // Not the beginning of time, from which nothing can be subtracted.
        loop.advanceTime(by: .hours(1))
        configuration = try ProducerConfiguration(
            properties: scenario.keys.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
        try startProgram()
    }

    private var begun: Int { programs.reduce(0) { $0 + $1.transactions.count } }
    private var isDone: Bool { begun >= scenario.transactions?.count ?? 0 }
    private var running: [TransactionProgram] { programs.filter { !$0.isClosed } }

    @discardableResult
    private func startProgram() throws -> TransactionProgram {
        let variation = scenario.seed ^ UInt64(programs.count) << 32
        let core = try ProducerCore(
            configuration, logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
            environment: ProducerEnvironment(
                eventLoop: loop, transport: network, generator: SeededGenerator(seed: variation ^ 0xc0de)))
        let program = TransactionProgram(
            core, scenario: scenario, journal: journal, chance: SeededGenerator(seed: variation ^ 0xb00c))
        programs.append(program)
        return program
    }

    /// Plays the schedule to its end.
    package func run() throws -> Outcome {
        var steps = 0
        while !isDone, steps < Self.stepLimit {
            try step()
            steps += 1
        }
        if !isDone { violations.append("only \(begun) transactions were begun") }
        cluster.heal()
        tryOnceMore()
        finish("before the end") { running.isEmpty }
        // Whoever is next ends what was left open, as the contract has it.
        let last = try startProgram()
        finish("at the end") { last.isReady || last.isClosed }
        last.crash()
        if last.errors.contains(where: \.isFatal) { violations.append("the last producer: \(last.errors)") }
        // What is still on its way arrives, and sockets let go of what is complete.
        loop.advanceTime(by: .seconds(5))
        let outcome = judge()
        try? loop.syncShutdownGracefully()
        return outcome
    }

    /// Whoever has not failed for good can commit now that all is well, if not with the first records.
    private func tryOnceMore() {
        for program in running {
            let tries = program.transactions.count + Self.tries
            let limit = loop.now + .minutes(10)
            while !program.isClosed, !(program.isReady && program.hasCommitted), program.transactions.count < tries,
                loop.now < limit
            {
                program.step(at: loop.now)
                loop.advanceTime(by: .milliseconds(5))
            }
            if !program.isClosed, !program.isClosing, !program.hasCommitted {
                violations.append("nothing can be committed: \(program.description), \(program.errors.suffix(1))")
            }
        }
    }

    /// Lets programs come to their end, in a cluster that is well.
    private func finish(_ stage: String, until isFinished: () -> Bool) {
        let limit = loop.now + .minutes(10)
        while !isFinished(), loop.now < limit {
            for program in running {
                if isDone, program.isReady { program.close(at: loop.now) }
                program.step(at: loop.now)
            }
            loop.advanceTime(by: .microseconds(Int64.random(in: 0...20_000, using: &chance)))
        }
        guard !isFinished() else { return }
        for program in running {
            violations.append("stuck \(stage): \(program.description)")
            program.crash()
        }
    }

    // MARK: - One thing after another

    private func step() throws {
        let faults = scenario.faults
        switch Int.random(in: 0..<1000, using: &chance) {
        case 0..<faults.moves: movePartition()
        case 100..<100 + faults.outages: stopNode()
        case 200..<200 + faults.coordinatorMoves: moveCoordinator()
        case 300..<300 + faults.rivals: if running.count < 2 { try startProgram() }
        case 320..<320 + faults.crashes: crash()
        case 340..<340 + faults.agreements: agree()
        case 400..<700: advance()
        default: try stepProgram()
        }
    }

    private func stepProgram() throws {
        guard let program = running.randomElement(using: &chance) else {
            if programs.count < Self.programLimit { try startProgram() } else { advance() }
            return
        }
        program.step(at: loop.now)
    }

    private func crash() {
        guard let program = running.randomElement(using: &chance) else { return }
        if Bool.random(using: &chance) { program.crash() } else { program.close(at: loop.now) }
    }

    private func advance() {
        // Mostly little, now and then much.
        let most: Int64 = Int.random(in: 0..<10, using: &chance) == 0 ? 300_000 : 8000
        loop.advanceTime(by: .microseconds(Int64.random(in: 0...most, using: &chance)))
        for (node, until) in stopped where until <= loop.now { cluster.start(node) }
        stopped.removeAll { $0.until <= loop.now }
    }

    private func randomNode() -> Int32 { Int32.random(in: 0..<scenario.nodes, using: &chance) }

    private func movePartition() {
        cluster.move(Int.random(in: 0..<Int(scenario.partitions), using: &chance), to: randomNode())
    }

    private func moveCoordinator() {
        guard let key = scenario.coordinatedKeys.randomElement(using: &chance) else { return }
        cluster.transactions.move(key, to: randomNode())
    }

    private func stopNode() {
        let node = randomNode()
        cluster.stop(node)
        network.disconnect(node)
        stopped.append((node, loop.now + .milliseconds(Int64.random(in: 1...400, using: &chance))))
    }

    /// Brokers agree on another version; connections that are there do not hear of it.
    private func agree() {
        agreement += 1
        let level: Int16 = Bool.random(using: &chance) ? 2 : 1
        if level == 2 { cluster.transactions.knowsImplicit = true }
        network.versions = scenario.versions(agreement: agreement, level: level)
    }
}
