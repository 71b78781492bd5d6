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
    private static let (backslash, lineBreak) = (UInt8(ascii: "\\"), UInt8(ascii: "\n"))

    /// A block as one line of the history's file: `\n` for a line break, `\\` for a backslash.
    static func encode(_ block: String) -> [UInt8] {
        var line: [UInt8] = []
        for byte in block.utf8 {
            if byte == backslash || byte == lineBreak { line.append(backslash) }
            line.append(byte == lineBreak ? UInt8(ascii: "n") : byte)
        }
        return line
    }

    /// The block of a line of the file. By bytes: thousands are read before the first prompt.
    static func decode(_ line: ArraySlice<UInt8>) -> String {
        guard line.contains(backslash) else { return String(decoding: line, as: UTF8.self) }
        var block: [UInt8] = []
        var isEscaped = false
        for byte in line {
            if !isEscaped, byte == backslash {
                isEscaped = true
            } else {
                block.append(isEscaped && byte == UInt8(ascii: "n") ? lineBreak : byte)
                isEscaped = false
            }
        }
        return String(decoding: block, as: UTF8.self)
    }
}
