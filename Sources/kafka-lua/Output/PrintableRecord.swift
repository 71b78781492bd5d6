/// A record as `tail` prints it.
struct PrintableRecord: Equatable, Sendable {
    struct Header: Equatable, Sendable {
        var name: String
        /// Nil is a header without a value, which differs from an empty one.
        var value: [UInt8]?
    }

    var topic: String
    var partition: Int32
    var offset: Int64
    /// Milliseconds since 1970; −1 when the record has none.
    var timestamp: Int64
    var key: [UInt8]?
    /// Nil is a tombstone.
    var value: [UInt8]?
    var headers: [Header] = []
}
