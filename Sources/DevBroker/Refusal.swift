import KafkaWire

/// Why a broker does not do what it was asked: the code goes to the client, with the message where there is room.
struct Refusal: Error, Equatable {
    var code: ErrorCode
    var message: String
    /// The records of a batch that are to blame, counted from 0 (KIP-467).
    var recordIndexes: [Int32] = []

    init(_ code: ErrorCode, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message of what is refused for no other reason than `Faults`.
    static let onDemand = "a fault on demand"

    init(_ error: StorageError) {
        self.init(.kafkaStorageError, error.description)
    }
}
