/// What `tail` reads.
struct TailRequest: Equatable, Sendable {
    /// Where it begins.
    enum Start: Equatable, Sendable {
        case beginning
        case end
        /// An offset, or so many records before the end when negative.
        case offset(Int64)

        static let lastTen = Start.offset(-10)
    }

    var topic: String
    /// Nil reads all.
    var partition: Int32?
    var start = Start.lastTen
    /// Whether it stops at what was the end when it began.
    var stopsAtEnd = false
    /// Stops after so many records.
    var count: Int?
}

extension TailRequest.Start {
    /// `beginning`, `end` or a number.
    init?(_ text: String) {
        switch text {
        case "beginning": self = .beginning
        case "end": self = .end
        default:
            guard let offset = Int64(text) else { return nil }
            self = .offset(offset)
        }
    }
}
