/// The line that says how far a command is. Pure: no clock, no terminal.
struct ProgressLine {
    /// How it is shown.
    enum Style: Equatable, Sendable {
        /// One line that is rewritten in place, on a terminal of so many columns.
        case redrawn(columns: Int)
        /// A line now and then, for logs.
        case lines
        case none

        /// How often it is shown.
        var interval: Duration { self == .lines ? .seconds(10) : .milliseconds(100) }
        /// When it is shown for the first time: what is over sooner needs none.
        var delay: Duration { self == .lines ? .seconds(10) : .seconds(1) }
    }

    static let eraseLine = "\r\u{1B}[K"

    let style: Style
    private let start: ContinuousClock.Instant
    private let before: ProgressCounts
    private var latest = ProgressCounts()

    /// - Parameter before: what was counted before it began.
    init(_ style: Style, start: ContinuousClock.Instant, before: ProgressCounts = ProgressCounts()) {
        (self.style, self.start, self.before) = (style, start, before)
    }

    /// What to write at a time; nil if there is nothing to say.
    mutating func text(_ counts: ProgressCounts, now: ContinuousClock.Instant) -> String? {
        let counts = counts.since(before)
        guard counts.sent > 0 else { return nil }
        let summary = Self.summary(counts, elapsed: now - start)
        switch style {
        case .redrawn(let columns):
            latest = counts
            // What wraps could not be erased.
            return Self.eraseLine + String(summary.prefix(max(1, columns - 1)))
        case .lines:
            // Nothing moves: said once is enough.
            guard counts != latest else { return nil }
            latest = counts
            return summary + "\n"
        case .none: return nil
        }
    }

    /// The counts as a sentence.
    static func summary(_ counts: ProgressCounts, elapsed: Duration) -> String {
        let seconds = max(elapsed / .seconds(1), 0.001)
        var text = "\(grouped(counts.delivered)) of \(grouped(counts.sent)) delivered"
        if counts.failed > 0 { text += ", \(grouped(counts.failed)) failed" }
        text += ", \(grouped(Int((Double(counts.delivered) / seconds).rounded()))) records/s"
        if counts.bytes > 0 { text += ", \(ChartNumber.fixed(Double(counts.bytes) / seconds / 1e6, digits: 1)) MB/s" }
        if let left = timeLeft(counts, seconds: seconds) { text += ", \(left) left" }
        return text
    }

    /// As long as what is left takes at the rate so far.
    private static func timeLeft(_ counts: ProgressCounts, seconds: Double) -> String? {
        guard let part = counts.part, part > 0, part < 1 else { return nil }
        guard let left = Int(exactly: (seconds / part * (1 - part)).rounded(.up)) else { return nil }
        let (minutes, rest) = left.quotientAndRemainder(dividingBy: 60)
        if minutes == 0 { return "\(rest) s" }
        return minutes < 60 ? "\(minutes) min \(rest) s" : "\(minutes / 60) h \(minutes % 60) min"
    }

    /// A number with a comma before each three digits: `1,240`.
    static func grouped(_ number: Int) -> String {
        var text = ""
        let digits = String(number.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + text
    }
}
