import KafkaWire

/// The pieces of JSON on one line.
enum JSONText {
    /// A string in quotes, escaped as RFC 8259 asks.
    static func quoted(_ string: some StringProtocol) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            // The line separators are legal JSON, yet end a line for many readers of lines.
            case "\u{00}"..<"\u{20}", "\u{7F}", "\u{2028}", "\u{2029}":
                text += "\\u" + EscapedText.hexadecimal(scalar.value, digits: 4)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    /// Bytes: a string when they are UTF-8, `{"base64": …}` when not, `null` when there are none.
    static func bytes(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "null" }
        if let string = String(validating: bytes, as: UTF8.self) { return quoted(string) }
        return "{\"base64\":\"\(Base64.encode(bytes))\"}"
    }

    static func object(_ fields: [(name: String, json: String)]) -> String {
        "{" + fields.map { "\(quoted($0.name)):\($0.json)" }.joined(separator: ",") + "}"
    }

    static func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

    /// A number; infinities and NaN, which JSON has not, as strings.
    static func number(_ number: Double) -> String { number.isFinite ? "\(number)" : quoted("\(number)") }
}
