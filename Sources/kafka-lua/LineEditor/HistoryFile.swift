#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The history on disk, shared by all prompts of a user: each appends its blocks and reads what others appended.
///
/// One line a block. Only the user can read the file. Nothing here fails loudly: a history that cannot be read or
/// written must not keep a prompt from working, so errors end in a history for this prompt alone.
struct HistoryFile {
    private(set) var history = History()

    private let path: String?
    private var identity: FileIdentity?
    private var offset: off_t = 0

    /// The file is compacted when it has grown to this size.
    private static let compactionSize: off_t = 4 << 20

    /// Reads nothing before ``refresh()``.
    /// - Parameter path: Nil for a history in memory alone.
    init(path: String?) { self.path = path }

    /// Where the history of this user is: `$XDG_STATE_HOME/kafka-lua/history`, or below `~/.local/state`.
    static func defaultPath(environment: (String) -> String?) -> String? {
        // Relative paths are to be ignored, says the XDG base directory specification.
        if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return "\(state)/kafka-lua/history" }
        guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
        return "\(home)/.local/state/kafka-lua/history"
    }

    /// Adds a block here and for all prompts that read the file later.
    mutating func append(_ block: String) {
        guard history.append(block), let path else { return }
        makeFolder(of: path)
        guard let file = LockedFile(path: path) else { return }
        defer { file.close() }
        if file.status.size > Self.compactionSize {
            let (bytes, _) = file.read(from: 0)
            var whole = History()
            whole.append(contentsOf: Self.blocks(bytes))
            file.replace(with: Self.lines(whole.entries))
            offset = 0
        }
        file.append(Self.lines([block]))
    }

    /// Keeps blocks that contain one of the texts out.
    mutating func keepOut(_ secrets: [String]) { history.keepOut(secrets) }

    /// Takes in what other prompts appended since the last time.
    mutating func refresh() {
        guard let path, let file = LockedFile(readingPath: path) else { return }
        defer { file.close() }
        if file.status.identity != identity || file.status.size < offset { offset = 0 }
        identity = file.status.identity
        let (bytes, end) = file.read(from: offset)
        history.append(contentsOf: Self.blocks(bytes))
        offset = end
    }

    private static func blocks(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map(History.decode)
    }

    private static func lines(_ blocks: [String]) -> [UInt8] {
        blocks.flatMap { History.encode($0) + [UInt8(ascii: "\n")] }
    }

    private func makeFolder(of path: String) {
        var position = path.startIndex
        while let slash = path[position...].dropFirst().firstIndex(of: "/") {
            mkdir(String(path[..<slash]), 0o700)
            position = slash
        }
    }
}
