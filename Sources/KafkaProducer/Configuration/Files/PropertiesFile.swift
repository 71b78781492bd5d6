/// The properties of a Java `.properties` file, in the order they stand.
///
/// Reads what `java.util.Properties.load` reads: comments after `#` and `!`, lines continued by a backslash, keys ended
/// by `=`, `:` or white space, the escapes `\t \n \r \f \uXXXX`, and a backslash before anything else dropped.
public struct PropertiesFile: Sendable, Equatable {
    /// One key with its value; a key without a value has an empty one.
    public struct Property: Sendable, Equatable {
        public let key: String
        public let value: String
        /// The line on which the property begins, counted from 1.
        public let line: Int

        public init(key: String, value: String, line: Int) {
            self.key = key
            self.value = value
            self.line = line
        }
    }

    /// All properties; a key that stands twice is here twice, and the last one counts.
    public let properties: [Property]

    /// Parses the text of a file.
    ///
    /// - Throws: ``PropertiesError`` with the line of a `\u` escape that is not four hexadecimal digits, or is half of
    ///   a surrogate pair.
    public init(parsing text: String) throws(PropertiesError) {
        var properties: [Property] = []
        var lines = LogicalLines(text.unicodeScalars)
        while let (line, scalars) = lines.next() {
            var parser = PropertyParser(scalars: scalars, line: line)
            properties.append(try parser.property())
        }
        self.properties = properties
    }

    /// Parses the bytes of a file: UTF-8 where they are valid UTF-8, otherwise ISO 8859-1, Java's older encoding.
    public init(parsing bytes: [UInt8]) throws(PropertiesError) {
        if let text = String(validating: bytes, as: UTF8.self) {
            try self.init(parsing: text)
        } else {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
            try self.init(parsing: String(text))
        }
    }

    /// The value that counts for a key: the last one in the file.
    public subscript(key: String) -> String? {
        properties.last { $0.key == key }?.value
    }
}

/// Joins natural lines into logical ones: leaves out blank lines and comments, follows continuations.
private struct LogicalLines {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var lineNumber = 1

    init(_ view: String.UnicodeScalarView) {
        scalars = Array(view)
        if scalars.first == "\u{FEFF}" { position = 1 }
    }

    mutating func next() -> (line: Int, scalars: [Unicode.Scalar])? {
        nextLine: while position < scalars.count {
            let firstLine = lineNumber
            var logical = naturalLine()
            if logical.isEmpty || logical[0] == "#" || logical[0] == "!" { continue }
            while endsInOddBackslashes(logical) {
                logical.removeLast()
                guard position < scalars.count else { break }
                // Where there was nothing yet, what follows may be blank or a comment.
                if logical.isEmpty { continue nextLine }
                logical += naturalLine()
            }
            return (firstLine, logical)
        }
        return nil
    }

    /// The next natural line without its terminator and without leading white space.
    private mutating func naturalLine() -> [Unicode.Scalar] {
        var start = position
        while position < scalars.count, scalars[position] != "\n", scalars[position] != "\r" { position += 1 }
        let end = position
        if position < scalars.count {
            let isCRLF = scalars[position] == "\r" && position + 1 < scalars.count && scalars[position + 1] == "\n"
            position += isCRLF ? 2 : 1
            lineNumber += 1
        }
        while start < end, scalars[start].isPropertiesSpace { start += 1 }
        return Array(scalars[start..<end])
    }

    private func endsInOddBackslashes(_ line: [Unicode.Scalar]) -> Bool {
        line.reversed().prefix { $0 == "\\" }.count % 2 == 1
    }
}

/// Splits one logical line into key and value and resolves the escapes of both.
private struct PropertyParser {
    let scalars: [Unicode.Scalar]
    let line: Int
    private var position = 0

    init(scalars: [Unicode.Scalar], line: Int) {
        self.scalars = scalars
        self.line = line
    }

    mutating func property() throws(PropertiesError) -> PropertiesFile.Property {
        let key = try text { $0 == "=" || $0 == ":" || $0.isPropertiesSpace }
        skipSpace()
        if position < scalars.count, scalars[position] == "=" || scalars[position] == ":" {
            position += 1
            skipSpace()
        }
        let value = try text { _ in false }
        return .init(key: key, value: value, line: line)
    }

    private mutating func skipSpace() {
        while position < scalars.count, scalars[position].isPropertiesSpace { position += 1 }
    }

    private mutating func text(until isEnd: (Unicode.Scalar) -> Bool) throws(PropertiesError) -> String {
        var text = String.UnicodeScalarView()
        while position < scalars.count, !isEnd(scalars[position]) {
            let scalar = scalars[position]
            position += 1
            if scalar != "\\" {
                text.append(scalar)
            } else if position < scalars.count {
                text.append(try escaped())
            }
        }
        return String(text)
    }

    private mutating func escaped() throws(PropertiesError) -> Unicode.Scalar {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "f": return "\u{0C}"
        case "u": return try unicodeEscape()
        default: return scalar
        }
    }

    private mutating func unicodeEscape() throws(PropertiesError) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), position + 1 < scalars.count,
            scalars[position] == "\\", scalars[position + 1] == "u"
        else { throw PropertiesError(line: line, reason: "a \\u escape is half of a surrogate pair") }
        position += 2
        let trail = try codeUnit()
        guard UTF16.isTrailSurrogate(trail) else {
            throw PropertiesError(line: line, reason: "a \\u escape is half of a surrogate pair")
        }
        return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
    }

    private mutating func codeUnit() throws(PropertiesError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard position < scalars.count, scalars[position].isASCII,
                let digit = Character(scalars[position]).hexDigitValue
            else { throw PropertiesError(line: line, reason: "\\u is not followed by four hexadecimal digits") }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}

extension Unicode.Scalar {
    /// White space as `java.util.Properties` sees it: space, tab, form feed.
    fileprivate var isPropertiesSpace: Bool { self == " " || self == "\t" || self == "\u{0C}" }
}
