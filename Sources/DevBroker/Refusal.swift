import KafkaWire

/// Why a broker does not do what it was asked: the code goes to the client, with the message where there is room.
struct Refusal: Error, Equatable {
    var code: ErrorCode
    var message: String
    /// The record of a batch that is to blame, counted from 0 (KIP-467).
    var recordIndex: Int32?

    init(_ code: ErrorCode, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: StorageError) {
        self.init(.kafkaStorageError, error.description)
    }
}
