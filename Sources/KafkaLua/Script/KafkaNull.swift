/// `kafka.null`: a value that is there and is null, where Lua's nil would be a value that was left out.
final class KafkaNull: Sendable {
    static let shared = KafkaNull()
}
