import KafkaWire
import NIOCore
import ProducerSimulation
import TestSupport

@testable import KafkaProducer

/// One partition with its sender's decisions on one side, a strict broker on the other, and between them connections
/// that lose requests and answers. All chance comes from a seed.
struct DispatchSimulation {
    struct Faults {
        /// In a thousand steps.
        var refusals = 50
        var closedConnections = 30
        var moves = 20
        var expiries = 0
    }

    final class NumberedBatch: DispatchedBatch {
        let number: Int
        let recordCount: Int32
        var attempts = 0
        var identity: ProducerIdentity?
        var baseSequence: Int32 = -1
        var isComplete = false

        init(number: Int, recordCount: Int32) {
            self.number = number
            self.recordCount = recordCount
        }
    }

    private struct Request {
        var batch: NumberedBatch
        var identity: ProducerIdentity
        var base: Int32
        var answer: ErrorCode?
    }

    private(set) var broker = StrictPartition()
    /// The batches that are stored, in order.
    var log: [Int] { broker.log.filter { $0 % 10 == 0 }.map { Int($0 / 10) } }
    private(set) var acknowledged: [Int] = []
    private(set) var failed: Set<Int> = []
    /// Attempts beyond the first.
    private(set) var repetitions = 0
    private(set) var epochs = 1

    private let total: Int
    private let faults: Faults
    private var generator: SeededGenerator
    private var dispatch = PartitionDispatch<NumberedBatch>()
    private let rules = DispatchRules(maxInFlight: 5, isIdempotent: true)
    private var current = ProducerIdentity(id: 1, epoch: 0)
    private var now = NIODeadline.ms(0)
    private var created = 0
    /// Each connection's requests, in order; those that are answered come first.
    private var connections: [[Request]] = [[], []]
    private var leader = 0
    private let backoff = ExponentialBackoff(initial: .milliseconds(10), maximum: .milliseconds(100))

    init(seed: UInt64, batches: Int, faults: Faults) {
        generator = SeededGenerator(seed: seed)
        total = batches
        self.faults = faults
    }

    var isDone: Bool { created == total && dispatch.isIdle }

    /// Runs until all batches are complete; returns whether that took at most `steps`.
    mutating func run(steps: Int = 20_000) -> Bool {
        for _ in 0..<steps {
            if isDone { return true }
            step()
        }
        return isDone
    }

    private mutating func step() {
        let chance = Int.random(in: 0..<1000, using: &generator)
        if chance < faults.closedConnections {
            closeConnection()
        } else if chance < faults.closedConnections + faults.moves {
            leader = 1 - leader
            dispatch.skipBackoff()
        } else if chance < faults.closedConnections + faults.moves + faults.expiries {
            expire()
        } else {
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: send()
            case 1: serve(Int.random(in: 0...1, using: &generator))
            default: receive(Int.random(in: 0...1, using: &generator))
            }
        }
    }

    // MARK: - The producer

    private mutating func send() {
        switch dispatch.turn(at: now, rules: rules, current: current) {
        case .retry:
            guard let batch = dispatch.takeRetry(current: current) else { return }
            repetitions += 1
            transmit(batch)
        case .new:
            guard created < total else { return }
            let batch = NumberedBatch(number: created, recordCount: Int32.random(in: 1...3, using: &generator))
            created += 1
            dispatch.dispatch(new: batch, current: current)
            transmit(batch)
        case .waiting(let instant):
            now = instant
        case .blocked:
            guard dispatch.spentIdentity == current, let next = current.bumped else { return }
            current = next
            epochs += 1
        }
    }

    private mutating func transmit(_ batch: NumberedBatch) {
        guard let identity = batch.identity else { return }
        connections[leader].append(Request(batch: batch, identity: identity, base: batch.baseSequence))
    }

    /// Takes the next answer, as `Sender` does.
    private mutating func receive(_ connection: Int) {
        guard let answer = connections[connection].first?.answer else { return }
        let batch = connections[connection].removeFirst().batch
        if batch.isComplete { return }
        let verdict = ProduceVerdict.of(answer, isIdempotent: true, isFirst: dispatch.isFirst(batch), recordCount: 1)
        switch verdict {
        case .stored:
            batch.isComplete = true
            acknowledged.append(batch.number)
            dispatch.stored(batch)
        case .renumber:
            dispatch.requireRenumbering()
            retry(batch)
        case .retry: retry(batch)
        case .fail, .split: fail(batch)
        }
    }

    private mutating func retry(_ batch: NumberedBatch) {
        let pause = backoff.pause(failures: dispatch.failureCount, using: &generator)
        dispatch.retry(batch, at: now + pause, keepingOrder: true)
    }

    private mutating func fail(_ batch: NumberedBatch) {
        batch.isComplete = true
        failed.insert(batch.number)
        dispatch.failed(batch)
    }

    /// `delivery.timeout.ms` ends for the oldest batch, whatever the broker has done with it.
    private mutating func expire() {
        let pending = dispatch.inFlight + dispatch.retries
        if let oldest = pending.min(by: { $0.number < $1.number }) { fail(oldest) }
    }

    // MARK: - The network and the broker

    private mutating func serve(_ connection: Int) {
        guard let index = connections[connection].firstIndex(where: { $0.answer == nil }) else { return }
        let request = connections[connection][index]
        let isRefused = Int.random(in: 0..<1000, using: &generator) < faults.refusals
        connections[connection][index].answer =
            isRefused
            ? .notEnoughReplicas
            : broker.append(
                (0..<Int(request.batch.recordCount)).map { UInt64(request.batch.number * 10 + $0) },
                identity: request.identity, base: request.base
            ).code
    }

    /// The broker still serves some of what has arrived; no answer comes back.
    private mutating func closeConnection() {
        let connection = Int.random(in: 0...1, using: &generator)
        for _ in 0..<Int.random(in: 0...5, using: &generator) { serve(connection) }
        let lost = connections[connection]
        connections[connection] = []
        for request in lost where !request.batch.isComplete { retry(request.batch) }
    }
}
