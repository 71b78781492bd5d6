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

    /// The same refusal under the code that older clients, or those of another request, know.
    func naming(_ code: ErrorCode, insteadOf other: ErrorCode, if applies: Bool = true) -> Self {
        var refusal = self
        if applies, self.code == other { refusal.code = code }
        return refusal
    }

    init(_ error: StorageError) {
        self.init(.kafkaStorageError, error.description)
    }
}
