/// A figure with so many digits after the point, and commas between thousands: 3,214,000 or 0.45.
func figure(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "-" }
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = Int(exactly: (abs(value) * scale).rounded()) ?? .max
    let whole = String(scaled / Int(scale))
    let fraction = String(scaled % Int(scale))
    var text = ""
    for (position, digit) in whole.enumerated() {
        if position > 0, (whole.count - position).isMultiple(of: 3) { text.append(",") }
        text.append(digit)
    }
    if digits > 0 {
        text += "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
    return value < 0 ? "-" + text : text
}

extension String {
    /// The text with spaces before it, as columns of figures have it.
    func right(_ width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }

    /// The text with spaces after it, as columns of words have it.
    func left(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
