/// How a piece of text is shown on a terminal that has colours.
enum TextStyle: String, Sendable {
    case bold = "1", dim = "2", reverse = "7"
    case red = "31", green = "32", yellow = "33", blue = "34", magenta = "35", cyan = "36"

    /// The sequences that turn the style on, and all styles off.
    var begin: String { "\u{1B}[\(rawValue)m" }
    static let end = "\u{1B}[0m"

    /// The text between them.
    func applied(to text: String) -> String { begin + text + Self.end }
}
