import KafkaProducer

/// Who may log in at the embedded broker, as options and files say it: `name:password`, of which a name has no colon.
struct BrokerUsers: Equatable, Sendable {
    private(set) var passwords: [String: Secret] = [:]

    /// - Returns: Whether that is a name and a password.
    mutating func add(_ text: some StringProtocol) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        let (name, password) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
        guard !name.isEmpty, !password.isEmpty else { return false }
        passwords[name] = Secret(password)
        return true
    }

    /// Adds those of a file, one to a line; empty lines and those that begin with `#` are passed over.
    /// - Throws: `Failure` that names the line which is neither.
    mutating func add(file bytes: [UInt8], path: String) throws(Failure) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure("\(path): this is no text in UTF-8", exitCode: 2)
        }
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            guard add(line) else { throw Failure("\(path):\(index + 1): this is not NAME:PASSWORD", exitCode: 2) }
        }
    }
}
