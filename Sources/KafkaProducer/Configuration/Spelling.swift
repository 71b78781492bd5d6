/// Finds what somebody meant to type.
package enum Spelling {
    /// The name that takes the fewest edits, if they are few enough to be a slip, or the shortest that goes on from the
    /// word.
    package static func nearest(to word: String, among names: some Sequence<String>) -> String? {
        // Of a short word something has to be left.
        let limit = min(max(2, word.count / 3), word.count - 1)
        return names.lazy.map { (name: $0, distance: distance(word, $0)) }
            .filter { $0.distance <= limit }
            .min { $0.distance < $1.distance }?.name
            ?? names.filter { $0.hasPrefix(word + ".") }.min { $0.count < $1.count }
    }

    /// Levenshtein's distance.
    private static func distance(_ first: String, _ second: String) -> Int {
        let second = Array(second.utf8)
        var previous = Array(0...second.count)
        for (row, left) in first.utf8.prefix(256).enumerated() {
            var current = [row + 1]
            for (column, right) in second.enumerated() {
                current.append(
                    min(previous[column] + (left == right ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[second.count]
    }
}
