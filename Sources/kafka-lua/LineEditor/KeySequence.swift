/// What the escape sequences of terminals stand for.
enum KeySequence {
    /// `ESC [ … final` and `ESC O final`, by the final byte.
    static let byFinal: [Character: Key] = [
        "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end, "Z": .backTab, "M": .enter,
    ]

    /// `ESC [ number ~`, by the number.
    static let byNumber: [Int: Key] = [
        1: .home, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    ]

    /// The same keys with Ctrl or Alt.
    static let modified: [Key: Key] = [.left: .wordLeft, .right: .wordRight]

    /// The key of a control sequence without its introducer, such as `1;5C` or `3~`.
    static func key(parameters: String, final: Character) -> Key {
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
        let first = numbers.first.flatMap { $0 }
        let plain = final == "~" ? first.flatMap { byNumber[$0] } : byFinal[final]
        guard let plain else { return .unknown }
        // The modifier is 1 + a bit set: shift 1, alt 2, control 4.
        let modifier = numbers.count > 1 ? numbers[1] : nil
        guard let modifier, (modifier &- 1) & 6 != 0 else { return plain }
        return modified[plain] ?? plain
    }
}
