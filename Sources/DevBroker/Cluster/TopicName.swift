/// The rules for a topic's name (Java's `Topic.validate`).
enum TopicName {
    static let maxLength = 249

    /// What is wrong with a name; nil if it may be used.
    static func fault(in name: String) -> String? {
        if name.isEmpty { return "a topic's name must not be empty" }
        if name == "." || name == ".." { return "a topic cannot be named '\(name)'" }
        if name.utf8.count > maxLength { return "a topic's name has at most \(maxLength) characters" }
        guard name.utf8.allSatisfy(isAllowed) else {
            return "a topic's name is made of ASCII letters, digits, '.', '_' and '-'"
        }
        return nil
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
