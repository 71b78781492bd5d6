import KafkaLua

/// What scripts can call, read from the definitions that language servers get: for help, hints and completion.
struct LuaManual: Sendable {
    struct Function: Sendable {
        /// `send`, `kafka.rate` or `producer:flush`.
        var name: String
        /// Parameter lists, one for each way to call it.
        var parameters: [[Parameter]]
        var documentation: [String]
        var results: [String]

        /// What follows the last `.` or `:`.
        var shortName: String { String(name.split { $0 == "." || $0 == ":" }.last ?? "") }
        var isMethod: Bool { name.contains(":") }
    }

    struct Parameter: Sendable {
        var name: String
        var type = ""
        var isOptional = false
    }

    struct Record: Sendable {
        var name: String
        var documentation: [String]
        /// Name, type and meaning.
        var fields: [(name: String, text: String)]
    }

    private(set) var functions: [Function] = []
    private(set) var records: [Record] = []

    static let shared = LuaManual(parsing: LuaDefinitions.text)

    init(parsing text: String) {
        var comments: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("---") {
                comments.append(line.dropFirst(3))
                continue
            }
            if line.hasPrefix("function ") { functions.append(Function(line.dropFirst("function ".count), comments)) }
            if let record = Record(comments), !record.fields.isEmpty { records.append(record) }
            comments = []
        }
    }

    /// Names that the definitions use for a value of which scripts have another one.
    fileprivate static let receivers = ["scope": "tx"]

    /// Functions of that name, or with that method or field.
    func functions(named name: String) -> [Function] {
        let exact = functions.filter { $0.name == name }
        guard exact.isEmpty, let last = name.split(whereSeparator: { $0 == "." || $0 == ":" }).last else {
            return exact
        }
        // `p:flush` and `flush` of any receiver.
        let isMethod = name.contains(":")
        return functions.filter { $0.shortName == last && $0.isMethod && (isMethod || !name.contains(".")) }
    }

    func record(named name: String) -> Record? { records.first { $0.name == name || $0.name == "kafka.\(name)" } }

    var methodNames: Set<String> { Set(functions.filter(\.isMethod).map(\.shortName)) }
}

extension LuaManual.Function {
    /// - Parameter declaration: `name(a, b) end`
    fileprivate init(_ declaration: Substring, _ comments: [Substring]) {
        let parts = declaration.split(separator: "(", maxSplits: 1)
        var name = String(parts[0])
        for (receiver, other) in LuaManual.receivers where name.hasPrefix("\(receiver):") {
            name = other + name.dropFirst(receiver.count)
        }
        self.name = name
        let annotations = comments.map(Annotation.init)
        let known = annotations.compactMap(\.parameter)
        let list = parts.count > 1 ? parts[1].prefix { $0 != ")" } : ""
        let names = list.split(separator: ",").map { $0.trimmingWhitespace() }
        let first = names.map { name in known.first { $0.name == name } ?? .init(name: name) }
        parameters = annotations.compactMap(\.overload) + [first]
        documentation = annotations.compactMap(\.text)
        results = annotations.compactMap(\.result)
    }
}

extension LuaManual.Record {
    fileprivate init?(_ comments: [Substring]) {
        let annotations = comments.map(Annotation.init)
        guard let name = annotations.compactMap(\.className).last else { return nil }
        self.name = name
        documentation = annotations.compactMap(\.text)
        fields = annotations.compactMap(\.field)
    }
}

/// A line of a comment: text, or something after `@`.
private struct Annotation {
    var text: String?
    var tag = ""
    var words: [String] = []
    private var rest = ""

    init(_ line: Substring) {
        guard line.hasPrefix("@") else {
            text = line.hasPrefix("```") || line.hasPrefix("|") ? nil : String(line)
            return
        }
        words = line.dropFirst().split(separator: " ").map(String.init)
        tag = words.first ?? ""
        rest = line.dropFirst(tag.count + 1).trimmingWhitespace()
        words = Array(words.dropFirst())
    }

    var className: String? { tag == "class" ? words.first : nil }
    var result: String? { tag == "return" ? rest : nil }

    var parameter: LuaManual.Parameter? {
        guard tag == "param", let name = words.first else { return nil }
        let isOptional = name.hasSuffix("?")
        return .init(
            name: isOptional ? String(name.dropLast()) : name, type: words.dropFirst().joined(separator: " "),
            isOptional: isOptional)
    }

    var field: (name: String, text: String)? {
        guard tag == "field", let name = words.first, !name.hasPrefix("[") else { return nil }
        return (name.hasSuffix("?") ? String(name.dropLast()) : name, words.dropFirst().joined(separator: " "))
    }

    /// `fun(self: kafka.producer, topic: string, callback?: kafka.callback): …`
    var overload: [LuaManual.Parameter]? {
        guard tag == "overload", let open = rest.firstIndex(of: "("), let close = rest.firstIndex(of: ")") else {
            return nil
        }
        return rest[rest.index(after: open)..<close].split(separator: ",").compactMap { part in
            let pair = part.split(separator: ":", maxSplits: 1).map { $0.trimmingWhitespace() }
            guard let name = pair.first, name != "self" else { return nil }
            let isOptional = name.hasSuffix("?")
            return .init(
                name: isOptional ? String(name.dropLast()) : name, type: pair.count > 1 ? pair[1] : "",
                isOptional: isOptional)
        }
    }
}

extension [LuaManual.Parameter] {
    /// `topic, key, value [, callback]`
    var signature: String {
        var text = ""
        for (index, parameter) in enumerated() {
            let name = (index > 0 ? ", " : "") + parameter.name
            text += parameter.isOptional ? (index > 0 ? " [\(name)]" : "[\(name)]") : name
        }
        return text
    }
}
