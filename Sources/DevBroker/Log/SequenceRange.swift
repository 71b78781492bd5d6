/// The sequences of a batch's records, which go on with 0 after 2³¹ − 1.
struct SequenceRange: Equatable, CustomStringConvertible {
    var first: Int32
    var last: Int32

    init(first: Int32, last: Int32) {
        self.first = first
        self.last = last
    }

    /// The sequences of `count` records from `first` on.
    init(first: Int32, count: Int32) {
        self.init(first: first, last: Self.advance(first, by: count &- 1))
    }

    /// The sequence that the next batch begins with.
    var next: Int32 { Self.advance(last, by: 1) }

    private static func advance(_ sequence: Int32, by count: Int32) -> Int32 {
        (sequence &+ count) & .max
    }

    var description: String { first == last ? "\(first)" : "\(first)…\(last)" }
}
