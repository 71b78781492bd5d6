@testable import KafkaProducer

/// An interceptor that notes what it is told.
struct Witness: ProducerInterceptor {
    /// What it was told of a record's fate.
    struct Told: Equatable, Sendable {
        var metadata: RecordMetadata
        var error: KafkaError?
        var thread = CurrentThread()
    }

    let told = Log<Told>()

    func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?) {
        told.append(Told(metadata: metadata, error: error))
    }

    /// A callback that notes the same.
    static func callback(_ log: Log<Told>) -> DeliveryCallback {
        { metadata, error in log.append(Told(metadata: metadata, error: error)) }
    }

    typealias Key = String
    typealias Value = String
}
