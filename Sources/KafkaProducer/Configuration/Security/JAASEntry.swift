/// The one entry that `sasl.jaas.config` holds: `LoginModule required key="value" …;`.
struct JAASEntry: Equatable {
    /// The class of the login module.
    let loginModule: String
    let options: [String: String]

    private static let controlFlags: Set<String> = ["required", "requisite", "sufficient", "optional"]

    init(parsing text: String) throws(ConfigurationReason) {
        var tokens = JAASTokens(text)
        guard case .word(let module)? = try tokens.next() else {
            throw ConfigurationReason(text: "must begin with the class of a login module")
        }
        guard case .word(let flag)? = try tokens.next(), Self.controlFlags.contains(flag.lowercased()) else {
            throw ConfigurationReason(text: "must have 'required' after the class of the login module")
        }
        var options: [String: String] = [:]
        while true {
            switch try tokens.next() {
            case .semicolon?:
                guard try tokens.next() == nil else {
                    throw ConfigurationReason(text: "must have one login module, and nothing after its ';'")
                }
                loginModule = module
                self.options = options
                return
            case .word(let key)?:
                guard try tokens.next() == .equals, let value = try tokens.next()?.text else {
                    throw ConfigurationReason(text: "must have options in the form key=\"value\"")
                }
                options[key] = value
            case nil: throw ConfigurationReason(text: "must end with ';'")
            default: throw ConfigurationReason(text: "must have options in the form key=\"value\"")
            }
        }
    }
}

/// What the text of a JAAS entry is made of.
private struct JAASTokens {
    enum Token: Equatable {
        case word(String)
        case quoted(String)
        case equals, semicolon

        var text: String? {
            switch self {
            case .word(let text), .quoted(let text): text
            case .equals, .semicolon: nil
            }
        }
    }

    private var rest: Substring.UnicodeScalarView

    init(_ text: String) { rest = text[...].unicodeScalars }

    mutating func next() throws(ConfigurationReason) -> Token? {
        rest = rest.drop(while: \.properties.isWhitespace)
        guard let first = rest.first else { return nil }
        switch first {
        case "=":
            rest.removeFirst()
            return .equals
        case ";":
            rest.removeFirst()
            return .semicolon
        case "\"", "'":
            rest.removeFirst()
            return .quoted(try quoted(until: first))
        default:
            let word = rest.prefix { !$0.properties.isWhitespace && !"=;\"'".unicodeScalars.contains($0) }
            rest = rest[word.endIndex...]
            return .word(String(word))
        }
    }

    private mutating func quoted(until quote: Unicode.Scalar) throws(ConfigurationReason) -> String {
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == quote { return String(text) }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard let escaped = rest.popFirst() else { break }
            text.append(Self.escapes[escaped] ?? escaped)
        }
        throw ConfigurationReason(text: "has a quote that is not closed")
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "r": "\r", "t": "\t", "f": "\u{0C}"]
}
