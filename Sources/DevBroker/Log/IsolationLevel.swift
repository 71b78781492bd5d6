/// Which records a reader sees.
enum IsolationLevel: Int8 {
    /// All.
    case readUncommitted = 0
    /// Those before the first open transaction; it passes over aborted ones, which it is told.
    case readCommitted = 1

    /// What a request says; like Kafka takes other numbers for the first level.
    init(request level: Int8) {
        self = Self(rawValue: level) ?? .readUncommitted
    }
}
