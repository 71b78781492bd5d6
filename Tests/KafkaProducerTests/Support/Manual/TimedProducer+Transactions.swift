import KafkaWire
import Testing

@testable import KafkaProducer

extension TimedProducer {
    /// A transactional producer that is initialized and knows its topic.
    static func transactional(
        _ keys: [String: String] = [:], version: Int16 = 0, initialized: Bool = true
    ) throws -> TimedProducer {
        var script = ManualBroker.Script()
        script.transactionVersion = version
        let it = try TimedProducer(["transactional.id": "pay", "linger.ms": "5"].merging(keys) { $1 }, script)
        try it.learn()
        if initialized { try it.perform(.initialize) }
        _ = it.takeLog()
        return it
    }

    func takeLog() -> [String] { network.coordinator.takeLog() }

    /// Makes a call that ends at once.
    func perform(_ call: TransactionCall, offsets: TransactionOffsets? = nil) throws(KafkaError) {
        try end(call, begin(call, offsets: offsets))
    }

    func begin(_ call: TransactionCall, offsets: TransactionOffsets? = nil) -> TransactionOutcome {
        let outcome = core.begin(call, offsets: offsets)
        settle()
        return outcome
    }

    /// Sees the end of a call, which must have come.
    func end(_ call: TransactionCall, _ outcome: TransactionOutcome) throws(KafkaError) {
        #expect(outcome.latch.isOpen, "\(call) has not ended")
        core.acknowledge(call)
        settle()
        if let error = outcome.error { throw error }
    }

    /// Answers every produce request that there is.
    func answerAll() {
        while !network.arrivals.isEmpty {
            network.arrivals.removeFirst().answer()
            settle()
        }
    }
}
