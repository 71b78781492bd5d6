/// What Lua takes as a name without quotes.
enum LuaName {
    static let reserved: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]

    static func isName(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return bytes.allSatisfy(isNameByte) && !reserved.contains(String(decoding: bytes, as: UTF8.self))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// A Lua string literal with these bytes.
    static func literal(_ text: String) -> String {
        "\""
            + text.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\" + String(Unicode.Scalar(byte))
                case 0x20..<0x7F: String(Unicode.Scalar(byte))
                default: "\\x" + EscapedText.hexadecimal(UInt32(byte), digits: 2)
                }
            }.joined() + "\""
    }
}
