/// How a piece of text is shown on a terminal that has colours.
enum TextStyle: String, Sendable {
    case bold = "1", dim = "2", reverse = "7"
    case red = "31", green = "32", yellow = "33", blue = "34", magenta = "35", cyan = "36"

    /// The text between the sequences that turn the style on and off.
    func applied(to text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
