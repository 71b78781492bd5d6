/// The blocks that were submitted, oldest first, each once: where it was used last.
struct History: Equatable {
    /// More are forgotten, oldest first.
    static let limit = 10_000
    /// A block longer than this is not kept.
    static let blockLimit = 64 << 10

    private(set) var entries: [String] = []
    /// A block that contains one of these is not kept.
    private(set) var secrets: Set<String> = []

    /// Whether a block may be kept: it says something, is not too long and names no secret.
    static func keeps(_ block: String) -> Bool {
        guard block.utf8.count <= blockLimit, block.contains(where: { !$0.isWhitespace }) else { return false }
        return !SecretNames.areIn(block)
    }

    /// Adds a block as the newest one, unless it is not to be kept. Returns whether it was added.
    @discardableResult
    mutating func append(_ block: String) -> Bool {
        guard Self.keeps(block), !holdsSecret(block) else { return false }
        if let known = entries.lastIndex(of: block) { entries.remove(at: known) }
        entries.append(block)
        if entries.count > Self.limit { entries.removeFirst(entries.count - Self.limit) }
        return true
    }

    /// Leaves blocks out that contain one of the texts, those that are there as well.
    mutating func keepOut(_ secrets: some Sequence<String>) {
        self.secrets.formUnion(secrets)
        entries.removeAll(where: holdsSecret)
    }

    private func holdsSecret(_ block: String) -> Bool { secrets.contains { block.contains($0) } }

    /// Adds many at once, the last one newest.
    mutating func append(contentsOf blocks: [String]) {
        var seen: Set<String> = []
        let newestFirst = (entries + blocks.filter { Self.keeps($0) && !holdsSecret($0) }).reversed().filter {
            seen.insert($0).inserted
        }
        entries = newestFirst.prefix(Self.limit).reversed()
    }
}

extension History {
    /// A block as one line of the history's file: `\n` for a line break, `\\` for a backslash.
    static func encode(_ block: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in block.unicodeScalars {
            if scalar == "\\" || scalar == "\n" { line.append("\\") }
            line.append(scalar == "\n" ? "n" : scalar)
        }
        return String(line)
    }

    /// The block of a line of the file.
    static func decode(_ line: some StringProtocol) -> String {
        var block = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                block.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                block.append(scalar)
            }
        }
        return String(block)
    }
}
