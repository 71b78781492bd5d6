/// The line that says how far a `send` is, rewritten in place on a terminal.
struct ProgressLine {
    /// What is counted.
    struct Counts: Equatable, Sendable {
        var sent = 0
        var delivered = 0
        var failed = 0
        var bytes = 0
    }

    /// The line is rewritten no more often.
    private static let interval = Duration.milliseconds(100)

    private let start: ContinuousClock.Instant
    private var last: ContinuousClock.Instant?

    init(start: ContinuousClock.Instant) { self.start = start }

    /// What to write at a time; nil when it is too early to write again.
    mutating func text(_ counts: Counts, now: ContinuousClock.Instant) -> String? {
        if let last, now - last < Self.interval { return nil }
        last = now
        return "\r\u{1B}[K" + summary(counts, now: now)
    }

    /// The same counts as a sentence without control sequences.
    func summary(_ counts: Counts, now: ContinuousClock.Instant) -> String {
        let seconds = max((now - start) / .seconds(1), 0.001)
        var text = "\(Self.grouped(counts.delivered)) of \(Self.grouped(counts.sent)) delivered"
        if counts.failed > 0 { text += ", \(Self.grouped(counts.failed)) failed" }
        let rate = Int((Double(counts.delivered) / seconds).rounded())
        let megabytes = (Double(counts.bytes) / seconds / 100_000).rounded() / 10
        return text + ", \(Self.grouped(rate)) records/s, \(megabytes) MB/s"
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
