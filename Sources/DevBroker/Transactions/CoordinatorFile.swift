/// Keeps what a coordinator knows across restarts: each change is a line at the end, and when most lines are outdated
/// the file is written anew.
struct CoordinatorFile {
    private var lines: LineFile<CoordinatorLine>
    private var count: Int
    /// How many lines there have to be before the file is written anew.
    private var limit = minimalLimit

    private static let minimalLimit = 1000

    /// Opens the file for this process alone, and writes it anew if there are outdated lines in it.
    /// - Throws: `StorageError` if it cannot be read or written, or a line means nothing.
    static func open(path: String) throws(StorageError) -> (file: CoordinatorFile, state: CoordinatorState) {
        let (file, lines) = try LineFile<CoordinatorLine>.open(path: path)
        var state = CoordinatorState()
        for line in lines { state.apply(line) }
        var coordinatorFile = CoordinatorFile(lines: file, count: lines.count)
        let current = state.lines
        if current.count < lines.count { try coordinatorFile.replace(by: current) }
        return (coordinatorFile, state)
    }

    private init(lines: LineFile<CoordinatorLine>, count: Int) {
        self.lines = lines
        self.count = count
    }

    mutating func append(_ line: CoordinatorLine) throws(StorageError) {
        try lines.append(line)
        count += 1
    }

    /// Whether there are so many lines that it is worth a look how many of them still count.
    var isLong: Bool { count >= limit }

    /// Writes the file anew if at least half of it is outdated. If that fails the file is as it was.
    mutating func shorten(to current: [CoordinatorLine]) throws(StorageError) {
        limit = max(Self.minimalLimit, count * 2)
        if current.count <= count / 2 { try replace(by: current) }
    }

    private mutating func replace(by current: [CoordinatorLine]) throws(StorageError) {
        lines = try lines.replaced(by: current)
        count = current.count
        limit = max(Self.minimalLimit, count * 2)
    }

    func close() throws(StorageError) {
        try lines.close()
    }
}
