import KafkaWire

/// A message of SCRAM: `a=…,b=…`, in a fixed order (RFC 5802, section 5.1). It is taken apart byte by byte: a sign that
/// combines with the one before it must not hide a comma.
struct ScramAttributes {
    private var rest: ArraySlice<Substring.UTF8View>

    init(_ message: Substring) throws(ScramError) {
        // What a peer sends is short; what is not, comes from somebody else.
        guard message.utf8.count <= Self.maximumSize else {
            throw ScramError("is longer than \(Self.maximumSize) bytes")
        }
        rest = message.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)[...]
        if rest.contains(where: { $0.starts(with: "m=".utf8) }) {
            throw ScramError("asks for an extension that is not known (m=)")
        }
    }

    static let maximumSize = 1 << 14

    /// The value of the next attribute, which must be `name`.
    mutating func next(_ name: Character) throws(ScramError) -> String {
        guard has(name), let attribute = rest.popFirst() else {
            throw ScramError("does not have \(name)= where it must be")
        }
        return String(Substring(attribute.dropFirst(2)))
    }

    /// The same, where the value is base64.
    mutating func nextBytes(_ name: Character) throws(ScramError) -> [UInt8] {
        guard let bytes = Base64.decode(try next(name)) else { throw ScramError("has a \(name)= that is not base64") }
        return bytes
    }

    /// Whether the next attribute is `name`.
    func has(_ name: Character) -> Bool { rest.first?.starts(with: "\(name)=".utf8) ?? false }

    /// The attributes that are left: extensions. Whoever does not know one passes it over.
    var extensions: [(name: String, value: String)] {
        rest.map { attribute in
            let name = attribute.prefix { $0 != UInt8(ascii: "=") }
            return (String(Substring(name)), String(Substring(attribute[name.endIndex...].dropFirst())))
        }
    }
}
