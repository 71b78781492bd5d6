import NIOCore

/// A line of a `LineFile`.
protocol TextLine {
    /// Reads a line; nil if it means nothing.
    init?(_ line: Substring)
    /// The line without its end.
    var text: String { get }
}

/// A file of lines of text, the newest last.
struct LineFile<Line: TextLine> {
    private let file: AppendFile

    /// Opens the file for this process alone, and reads it. A line that was not written to its end is cut off.
    /// - Throws: `StorageError` if it cannot be read, another process has it, or a line means nothing.
    static func open(path: String) throws(StorageError) -> (file: LineFile, lines: [Line]) {
        let file = try AppendFile(path: path)
        try file.lock()
        let text = String(buffer: try file.read(0..<file.count))
        let whole = text.utf8.lastIndex(of: UInt8(ascii: "\n")).map { text[...$0] } ?? ""
        if whole.utf8.count < file.count { try file.truncate(to: whole.utf8.count) }
        var lines: [Line] = []
        for (index, words) in whole.split(separator: "\n").enumerated() {
            guard let line = Line(words) else {
                throw StorageError(description: "line \(index + 1) of \(path) cannot be understood: '\(words)'")
            }
            lines.append(line)
        }
        return (LineFile(file: file), lines)
    }

    /// A file at the same path that has other lines; this one is done with.
    func replaced(by lines: [Line]) throws(StorageError) -> LineFile {
        let successor = try AppendFile(replacing: file.path)
        try successor.lock()
        try successor.append(ByteBuffer(string: lines.map { $0.text + "\n" }.joined()))
        try successor.takePlace()
        return LineFile(file: successor)
    }

    func append(_ line: Line) throws(StorageError) {
        try file.append(ByteBuffer(string: line.text + "\n"))
    }

    func close() throws(StorageError) {
        try file.finish()
    }
}
