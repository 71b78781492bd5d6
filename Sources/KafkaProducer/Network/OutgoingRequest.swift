import KafkaWire
import NIOCore

/// A request on its way to the socket.
struct OutgoingRequest {
    var api: APIKey
    var version: Int16
    var body: WireWriter
    /// What fills the gaps of the body.
    var payloads: [ByteBuffer]
    var expectsAnswer: Bool
    /// By when the answer has to come.
    var deadline: NIODeadline
    var written: (() -> Void)?
    var completion: BrokerLink.Completion

    /// There will be no answer.
    func fail(_ error: KafkaError) {
        written?()
        completion(.failure(error))
    }
}
