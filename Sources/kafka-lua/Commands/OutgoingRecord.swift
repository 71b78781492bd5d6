/// A record that `send` was asked to send.
struct OutgoingRecord: Equatable, Sendable {
    var topic: String
    /// Nil lets the partitioner choose.
    var partition: Int32?
    var key: [UInt8]?
    /// Nil is a tombstone.
    var value: [UInt8]?
    var headers: [PrintableRecord.Header] = []
}
