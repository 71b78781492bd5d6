extension ConfigurationType where Value == Int {
    static func int(_ range: ClosedRange<Int>) -> ConfigurationType {
        ConfigurationType(
            range.upperBound > Int(Int32.max) ? "long" : "int", validValues: range.inWords,
            read: { (text) throws(ConfigurationReason) in try range.read(text) }, write: { String($0) },
            check: { (value) throws(ConfigurationReason) in try range.check(value) })
    }

    /// What Java's `int` holds, from `least` on.
    static func int(from least: Int) -> ConfigurationType { int(least...Int(Int32.max)) }
}

extension ConfigurationType where Value == Duration {
    /// What Java's `int` holds of milliseconds.
    static func milliseconds(from least: Int = 0) -> ConfigurationType {
        milliseconds("int", least...Int(Int32.max), isEndless: false)
    }

    /// What Java's `long` holds of milliseconds.
    /// - Parameter isEndless: whether −1 stands for never.
    static func longMilliseconds(from least: Int = 0, isEndless: Bool = false) -> ConfigurationType {
        milliseconds("long", (isEndless ? -1 : least)...Int.max, isEndless: isEndless)
    }

    private static func milliseconds(_ name: String, _ range: ClosedRange<Int>, isEndless: Bool) -> ConfigurationType {
        ConfigurationType(
            "\(name), ms", validValues: isEndless ? range.inWords + "; -1 for never" : range.inWords,
            read: { (text) throws(ConfigurationReason) in
                let count = try range.read(text)
                try range.check(count)
                return isEndless && count == -1 ? .never : min(.milliseconds(count), .never)
            },
            write: { isEndless && $0 >= .never ? "-1" : String($0.milliseconds) },
            check: { (value) throws(ConfigurationReason) in
                let least = Duration.milliseconds(isEndless ? 0 : range.lowerBound)
                if value < least { throw ConfigurationReason(text: "must be at least \(least.milliseconds)") }
                if value > .never { throw ConfigurationReason(text: "must be at most \(Duration.never.milliseconds)") }
            })
    }
}

extension Duration {
    /// Longer than any process runs, and yet a time that a clock of nanoseconds can count to.
    static let never = Duration.seconds(100 * 365 * 86_400)
}

extension ClosedRange<Int> {
    fileprivate var inWords: String {
        upperBound >= Int(Int32.max) ? "\(lowerBound) or more" : "\(lowerBound) to \(upperBound)"
    }

    fileprivate func read(_ text: String) throws(ConfigurationReason) -> Int {
        // Digits beyond any integer are still a number: they are out of range, and not something else than one.
        if let value = Int(text) { return value }
        let digits =
            text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+")
            ? text.utf8.dropFirst() : text.utf8[...]
        let isNumber = !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        throw ConfigurationReason(
            text: isNumber ? "must be between \(lowerBound) and \(upperBound)" : "must be a whole number")
    }

    fileprivate func check(_ value: Int) throws(ConfigurationReason) {
        if !contains(value) { throw ConfigurationReason(text: "must be between \(lowerBound) and \(upperBound)") }
    }
}
