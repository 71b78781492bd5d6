/// Numbers as charts and summaries have them.
enum ChartNumber {
    /// Three digits or a little more, with commas between thousands: `1,240`, `12.3`, `0.45`.
    static func short(_ value: Double) -> String {
        let magnitude = abs(value)
        return fixed(value, digits: magnitude >= 100 || magnitude == 0 ? 0 : magnitude >= 10 ? 1 : 2)
    }

    /// With so many digits after the point, and commas between thousands.
    static func fixed(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        guard let scaled = Int(exactly: (value * Double(scale)).rounded()) else { return "-" }
        let whole = ProgressLine.grouped(abs(scaled) / scale)
        let sign = scaled < 0 ? "-" : ""
        guard digits > 0 else { return sign + whole }
        let fraction = String(abs(scaled) % scale)
        return sign + whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// A part of a whole: `12.5 %`.
    static func percent(_ part: Double, of whole: Double) -> String {
        "\(fixed(whole > 0 ? part / whole * 100 : 0, digits: 1)) %"
    }

    /// A time: `250 µs`, `1.2 ms`, `3 s`.
    static func time(microseconds: Double, _ glyphs: Glyphs) -> String {
        switch microseconds {
        case ..<1_000: "\(trimmed(microseconds)) \(glyphs.micro)s"
        case ..<1_000_000: "\(trimmed(microseconds / 1_000)) ms"
        default: "\(trimmed(microseconds / 1_000_000)) s"
        }
    }

    /// Without zeros at its end.
    private static func trimmed(_ value: Double) -> String {
        let text = short(value)
        guard text.contains(".") else { return text }
        let digits = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(digits.reversed())
    }
}

extension String {
    /// The text with spaces before it, up to so many columns.
    func right(_ width: Int) -> String { String(repeating: " ", count: max(0, width - DisplayWidth.of(self))) + self }

    /// The text with spaces after it, up to so many columns.
    func left(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - DisplayWidth.of(self))) }
}
