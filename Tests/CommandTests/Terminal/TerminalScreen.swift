import ChildProcess
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The program on a terminal whose screen is looked at.
///
/// Screens are compared with text files beside this one. With `RECORD_SCREENS=1` they are written instead, to be looked
/// at before they are kept.
struct TerminalScreen: ~Copyable {
    private var terminal: PseudoTerminal
    /// What came, with the size of the terminal at that time. A character may be cut at any of its bytes, so the screen is
    /// made from all of it each time.
    private var written: [(bytes: [UInt8], columns: Int, rows: Int)]

    private static let limit = Duration.seconds(60)
    private static let isRecording = getenv("RECORD_SCREENS") != nil

    /// - Parameter folder: the working directory; nil for any.
    init(
        _ arguments: [String] = [], in folder: String? = nil, environment: [String: String] = [:], columns: Int,
        rows: Int
    ) throws {
        let environment = Program.environment.merging(environment) { $1 }
        let call = ["-c", "cd \"$0\" && exec \"$@\"", folder ?? "/", try Program.path()]
        terminal = try PseudoTerminal(
            "/bin/sh", call + arguments, environment: environment, columns: columns, rows: rows)
        written = [([], columns, rows)]
    }

    func type(_ text: String) { terminal.type(text) }
    func signal(_ number: Int32) { terminal.signal(number) }

    mutating func resize(columns: Int, rows: Int) {
        terminal.resize(columns: columns, rows: rows)
        written.append(([], columns, rows))
    }

    /// What is seen now.
    var screen: ScreenModel {
        var screen = ScreenModel(columns: written[0].columns, rows: written[0].rows)
        for part in written {
            if part.columns != screen.columns || part.rows != screen.rows {
                screen.resize(columns: part.columns, rows: part.rows)
            }
            screen.write(String(decoding: part.bytes, as: UTF8.self))
        }
        return screen
    }

    /// Waits until the screen is as it is to be.
    mutating func wait(
        sourceLocation: SourceLocation = #_sourceLocation, until isDone: (ScreenModel) -> Bool
    ) throws {
        let deadline = ContinuousClock.now + Self.limit
        while true {
            let screen = screen
            if isDone(screen) { return }
            let bytes = terminal.read(within: .seconds(1))
            written[written.count - 1].bytes += bytes
            guard ContinuousClock.now < deadline else {
                Issue.record("the screen is\n\(screen.lines.joined(separator: "\n"))", sourceLocation: sourceLocation)
                throw ChildProcessError.deadline(Self.limit, output: "", errors: "")
            }
        }
    }

    /// Waits until a text is on the screen.
    mutating func wait(for text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try wait(sourceLocation: sourceLocation) { $0.lines.contains { $0.contains(text) } }
    }

    /// Waits until the prompt is there and nothing is typed.
    mutating func prompt(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try wait(sourceLocation: sourceLocation) { $0.lines.last == "kafka>" && $0.column == 7 }
    }

    /// Enters lines, once the prompt is there, and waits until they were taken.
    mutating func enter(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try prompt(sourceLocation: sourceLocation)
        terminal.type(line)
        let end = String((line.split(separator: "\r").last ?? "").suffix(3))
        try wait(sourceLocation: sourceLocation) { $0.lines.last?.hasSuffix(end) == true }
        let before = screen
        terminal.type("\r")
        try wait(sourceLocation: sourceLocation) {
            $0.scrollback.count > before.scrollback.count || $0.row > before.row
        }
    }

    /// Waits until the screen is the one of that name.
    /// - Parameter start: what the first row that counts begins with; the last one that does, where there are several.
    ///   Nil for the whole screen.
    mutating func expect(
        _ name: String, from start: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let size = written[written.count - 1]
        let path = Self.folder + "/\(name)-\(size.columns)x\(size.rows).txt"
        if Self.isRecording {
            var quiet = 0
            while quiet < 2 {
                let bytes = terminal.read(within: .seconds(1))
                quiet = bytes.isEmpty ? quiet + 1 : 0
                written[written.count - 1].bytes += bytes
            }
            let file = try #require(fopen(path, "w"), sourceLocation: sourceLocation)
            fputs(Self.text(screen, from: start), file)
            fclose(file)
            return
        }
        let expected = try Self.read(path)
        try wait(sourceLocation: sourceLocation) { Self.text($0, from: start) == expected }
        #expect(screen.unknown == [], sourceLocation: sourceLocation)
    }

    consuming func finish() throws -> Outcome { try terminal.finish(within: Self.limit) }

    private static let folder =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        + "/Screens"

    /// The rows and where the cursor is, without what differs from one time to the next.
    private static func text(_ screen: ScreenModel, from start: String?) -> String {
        let lines = screen.lines
        let first = start.map { start in lines.lastIndex { $0.hasPrefix(start) } ?? 0 } ?? 0
        let rows = lines[min(first, lines.count)...].joined(separator: "\n")
            .replacing(/127\.0\.0\.1:[0-9]+/, with: "127.0.0.1:PORT")
            .replacing(/\b1[0-9]{12}\b/, with: "1…MILLISECOND")
        return rows + "\n[cursor in row \(screen.row - first + 1), column \(screen.column + 1)]\n"
    }

    private static func read(_ path: String) throws -> String {
        let file = try #require(fopen(path, "r"), "there is no \(path): record it with RECORD_SCREENS=1")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += block[..<count]
        }
    }
}
