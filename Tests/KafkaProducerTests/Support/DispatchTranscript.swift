import NIOCore

@testable import KafkaProducer

/// A partition's dispatch, and what its owner knows: the time, the rules, the producer's identity.
final class DispatchTranscript {
    static let first = ProducerIdentity(id: 7, epoch: 0)
    static let second = ProducerIdentity(id: 7, epoch: 1)

    var dispatch = PartitionDispatch<TestBatch>()
    var rules = DispatchRules(maxInFlight: 5, isIdempotent: true)
    var current: ProducerIdentity? = first
    var now = NIODeadline.ms(0)

    var turn: PartitionDispatch<TestBatch>.Turn { dispatch.turn(at: now, rules: rules, current: current) }
    var inFlight: [String] { dispatch.inFlight.map(\.name) }
    var retries: [String] { dispatch.retries.map(\.name) }

    /// A partition whose broker knows the producer: records numbered 0 are stored.
    static func established() -> DispatchTranscript {
        let transcript = DispatchTranscript()
        let opening = TestBatch("opening")
        transcript.send(opening)
        transcript.dispatch.stored(opening)
        return transcript
    }

    func send(_ batches: TestBatch...) {
        for batch in batches { dispatch.dispatch(new: batch, current: current) }
    }

    func repeatLater(_ batches: TestBatch..., at milliseconds: Int64 = 0) {
        for batch in batches { dispatch.retry(batch, at: .ms(milliseconds), keepingOrder: rules.keepsOrder) }
    }

    func split(_ batch: TestBatch, into pieces: [TestBatch]) {
        dispatch.split(batch, into: pieces, keepingOrder: rules.keepsOrder)
    }

    func sendRetry() -> String? { dispatch.takeRetry(current: current)?.name }
}
