extension PropertiesFile.Property {
    /// `key=value` as a `.properties` file has it, in ASCII: it says the same in UTF-8 and in Java's ISO 8859-1.
    public var text: String {
        Self.escaped(key, isKey: true) + "=" + Self.escaped(value, isKey: false)
    }

    private static func escaped(_ text: String, isKey: Bool) -> String {
        var escaped = ""
        for (position, unit) in text.utf16.enumerated() {
            switch UInt8(exactly: unit).map({ Unicode.Scalar($0) }) {
            case "\t": escaped += "\\t"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\u{0C}": escaped += "\\f"
            case "\\": escaped += "\\\\"
            case " " where isKey || position == 0: escaped += "\\ "
            case "=" where isKey, ":" where isKey, "#" where isKey, "!" where isKey:
                escaped += "\\"
                escaped.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            case let scalar? where (" "..."~").contains(scalar): escaped.unicodeScalars.append(scalar)
            default:
                let digits = String(unit, radix: 16, uppercase: true)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }
}
