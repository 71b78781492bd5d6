/// Bytes as text that a terminal can show: UTF-8 as it is, everything else escaped.
///
/// Control characters and characters that change the direction of writing are escaped, so that what is shown cannot
/// steer the terminal or mislead the reader.
enum EscapedText {
    /// - Parameter quoted: Whether it stands between double quotes: then quotes and backslashes are escaped as well.
    static func of(_ bytes: some Collection<UInt8>, quoted: Bool = false) -> String {
        var text = ""
        var decoder = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var rest = bytes[...]
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let encoded):
                rest = rest.dropFirst(encoded.count)
                text += escaped(UTF8.decode(encoded), quoted: quoted)
            case .error(let length):
                for byte in rest.prefix(length) { text += "\\x" + hexadecimal(UInt32(byte), digits: 2) }
                rest = rest.dropFirst(length)
            case .emptyInput: return text
            }
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar, quoted: Bool) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\"" where quoted: "\\\""
        case "\\" where quoted: "\\\\"
        case "\u{00}"..<"\u{20}", "\u{7F}": "\\x" + hexadecimal(scalar.value, digits: 2)
        case "\u{80}"..<"\u{A0}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{200E}"..."\u{200F}":
            "\\u{" + hexadecimal(scalar.value, digits: 1) + "}"
        default: String(scalar)
        }
    }

    static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
