/// A record as kcat reads and writes it.
struct Line: Hashable, Sendable, CustomStringConvertible {
    var partition: Int?
    var offset: Int?
    /// Null where there is none.
    var key: String?
    var value: String?
    /// As kcat shows them: `a=1,b=2`.
    var headers = ""

    var description: String {
        "\(partition ?? -1)@\(offset ?? -1) \(key ?? "null")=\(value ?? "null") [\(headers)]"
    }

    /// The record without where it was stored, to be compared with what was sent.
    var content: Line {
        Line(key: key, value: value, headers: headers)
    }
}

extension Line {
    /// kcat's output format, which `init(formatted:)` reads; the lengths tell null from empty.
    static let format = "%p\\t%o\\t%K\\t%k\\t%S\\t%s\\t%h\\n"

    /// Nil where the text is not in the format.
    init?(formatted text: Substring) {
        let fields = text.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 7, let keyBytes = Int(fields[2]), let valueBytes = Int(fields[4]) else { return nil }
        self.init(
            partition: Int(fields[0]), offset: Int(fields[1]),
            key: keyBytes < 0 ? nil : String(fields[3]), value: valueBytes < 0 ? nil : String(fields[5]),
            headers: String(fields[6]))
    }
}
