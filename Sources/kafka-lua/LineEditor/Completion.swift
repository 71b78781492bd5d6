/// What could stand in place of a piece of the text.
struct Completion: Equatable, Sendable {
    /// The piece that is completed, in characters of the text.
    var replacing: Range<Int>
    var candidates: [String]

    static let none = Completion(replacing: 0..<0, candidates: [])

    /// What all candidates begin with; nil when there are none.
    var commonPrefix: String? {
        guard let first = candidates.first else { return nil }
        return candidates.dropFirst().reduce(first) { common, candidate in
            String(zip(common, candidate).prefix { $0 == $1 }.map(\.0))
        }
    }
}

/// Finds what could stand at the cursor, counted in characters of the text.
typealias Completer = (_ text: String, _ cursor: Int) -> Completion
