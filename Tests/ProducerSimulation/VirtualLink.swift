import DequeModule
import KafkaProducer
import KafkaWire
import NIOCore

/// A connection over which requests and answers take their time, in order, and are lost when it closes.
final class VirtualLink: BrokerLink, @unchecked Sendable {
    private struct Outgoing {
        var request: VirtualCluster.Request
        var payloads: [ByteBuffer]
        var expectsAnswer: Bool
        var written: (() -> Void)?
        var completion: Completion
    }

    let node: Int32
    let address: BrokerAddress
    let versions: NegotiatedVersions
    var onClose: ((KafkaError) -> Void)?
    private(set) var isClosed = false
    /// The broker does its work still, but says nothing any more.
    private var isSilent = false

    private let network: VirtualNetwork
    private let eventLoop: any EventLoop
    /// Handed over by the producer, not yet read from its memory.
    private var unsent: Deque<Outgoing> = []
    /// On their way to the broker.
    private var travelling: Deque<VirtualCluster.Request> = []
    private var answers: Deque<ByteBuffer> = []
    private var waiting: Deque<Completion> = []
    private var lastWrite = NIODeadline.distantPast
    private var lastArrival = NIODeadline.distantPast
    private var lastAnswer = NIODeadline.distantPast

    init(to node: Int32, at address: BrokerAddress, network: VirtualNetwork, eventLoop: any EventLoop) {
        self.node = node
        self.address = address
        self.network = network
        self.eventLoop = eventLoop
        versions = network.versions
    }

    var inFlightCount: Int { waiting.count }

    func send(
        _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
        timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
    ) {
        if isClosed {
            written?()
            return completion(.failure(KafkaError(.network, "\(address) is not connected")))
        }
        var request = VirtualCluster.Request(api: api, version: version, body: body)
        request.age = network.cluster.transactions.coordinator.age
        unsent.append(
            Outgoing(
                request: request, payloads: payloads, expectsAnswer: expectsAnswer, written: written,
                completion: completion))
        if expectsAnswer { waiting.append(completion) }
        lastWrite = max(lastWrite, eventLoop.now) + network.stall()
        later(&lastWrite) { $0.write() }
        guard expectsAnswer else { return }
        let number = answered + waiting.count
        eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) { [weak self] in
            guard let self, !isClosed, answered < number else { return }
            close(KafkaError(.requestTimedOut, "\(address) did not answer in time"))
        }
    }

    /// Answers that have come.
    private var answered = 0

    /// Calls `body` after a while, but not before what was asked for earlier.
    private func later(_ last: inout NIODeadline, _ body: @escaping (VirtualLink) -> Void) {
        last = max(last, eventLoop.now) + network.latency()
        eventLoop.assumeIsolated().scheduleTask(deadline: last) { [self] in body(self) }
    }

    /// The bytes leave the producer's memory only now: had it been used again meanwhile, the broker would see.
    private func write() {
        guard !isClosed, var next = unsent.popFirst() else { return }
        next.request.fill(next.payloads)
        next.request.expectsAnswer = next.expectsAnswer
        travelling.append(next.request)
        later(&lastArrival) { $0.arrive() }
        next.written?()
        if !next.expectsAnswer { next.completion(.success(ByteBuffer())) }
    }

    /// A request arrives, perhaps after the producer has given the connection up.
    private func arrive() {
        guard var request = travelling.popFirst() else { return }
        request.isOrphan = isClosed
        switch network.cluster.serve(request, at: node, chance: &network.chance) {
        case .answer(let bytes):
            if isClosed || isSilent { return }
            answers.append(bytes)
            later(&lastAnswer) { $0.deliver() }
        case .nothing: isSilent = request.expectsAnswer
        case .close: lose()
        }
    }

    private func deliver() {
        guard !isClosed, let bytes = answers.popFirst(), let completion = waiting.popFirst() else { return }
        answered += 1
        completion(.success(bytes))
    }

    /// The connection breaks; of what is on its way, only some still arrives.
    func lose() {
        if !travelling.isEmpty {
            travelling.removeLast(Int.random(in: 0...travelling.count, using: &network.chance))
        }
        close(KafkaError(.networkException, "\(address) closed the connection"))
    }

    func close(_ error: KafkaError) {
        guard !isClosed else { return }
        isClosed = true
        onClose?(error)
        onClose = nil
        let (lost, abandoned) = (unsent, waiting)
        (unsent, waiting) = ([], [])
        for outgoing in lost {
            outgoing.written?()
            if !outgoing.expectsAnswer { outgoing.completion(.failure(error)) }
        }
        for completion in abandoned { completion(.failure(error)) }
    }
}
