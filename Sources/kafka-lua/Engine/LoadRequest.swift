/// What `kafka-lua perf` sends.
struct LoadRequest: Equatable, Sendable {
    var topic: String
    var records = 1_000_000
    /// Bytes of each value.
    var size = 100
    /// Records a second, each at its time; nil sends as fast as it goes.
    var rate: Double?
    /// How many keys take turns; 0 for none.
    var keys = 0
}
