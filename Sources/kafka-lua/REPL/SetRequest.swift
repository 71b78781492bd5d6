/// What `\set` is to do.
enum SetRequest: Equatable, Sendable {
    /// Shows a key, or all that were given.
    case show(key: String?)
    /// Changes keys, all at once: some work only together.
    case change([ClientConfiguration.Entry])

    /// Nil for words that mean nothing.
    init?(_ arguments: [String]) {
        let assignments = arguments.compactMap(Self.assignment)
        if let first = arguments.first, !first.contains("=") {
            guard arguments.count <= 2 else { return nil }
            self = arguments.count == 1 ? .show(key: first) : .change([.init(key: first, value: arguments[1])])
        } else if assignments.count == arguments.count {
            self = arguments.isEmpty ? .show(key: nil) : .change(assignments)
        } else {
            return nil
        }
    }

    private static func assignment(_ word: String) -> ClientConfiguration.Entry? {
        guard let sign = word.firstIndex(of: "="), sign != word.startIndex else { return nil }
        return .init(key: String(word[..<sign]), value: String(word[word.index(after: sign)...]))
    }
}

extension ClientConfiguration {
    /// - Throws: ``Failure`` if keys that are right each by itself do not go together.
    func checkTogether() throws(Failure) {
        _ = try forProducers.settings()
        do throws(Failure) {
            _ = try forProducers.producerConfiguration()
        } catch {
            var failure = error
            failure.hint = "\\set KEY=VALUE KEY=VALUE sets keys that only work together"
            throw failure
        }
    }
}
