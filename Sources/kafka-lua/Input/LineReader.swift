/// Cuts the bytes of a descriptor into lines.
struct LineReader {
    /// The longest line that is taken: the largest record a broker would.
    static let lineLimit = 100 << 20

    /// A line that cannot be taken.
    enum Failure: Error, Equatable {
        case lineTooLong
        case unreadable
    }

    private let descriptor: CInt
    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var isAtEnd = false

    init(descriptor: CInt = Descriptor.input) { self.descriptor = descriptor }

    /// Whether a line can be had without reading.
    var hasBufferedLine: Bool { buffer[searched...].contains(UInt8(ascii: "\n")) }

    /// The next line without its `\n`, nil at the end. A last line without `\n` counts.
    mutating func next() throws(Failure) -> [UInt8]? {
        while true {
            if let line = bufferedLine() { return line }
            if isAtEnd { return nil }
            try fill()
        }
    }

    /// A line that is there without reading.
    mutating func bufferedLine() -> [UInt8]? {
        if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            defer { (start, searched) = (end + 1, end + 1) }
            return Array(buffer[start..<end])
        }
        searched = buffer.count
        guard isAtEnd, start < buffer.count else { return nil }
        defer { start = buffer.count }
        return Array(buffer[start...])
    }

    /// Whether everything was read and handed out.
    var isFinished: Bool { isAtEnd && start == buffer.count }

    /// Gives up what is buffered and reads no more.
    mutating func close() {
        (buffer, start, searched, isAtEnd) = ([], 0, 0, true)
    }

    /// Reads once.
    mutating func fill() throws(Failure) {
        if start > 0 {
            buffer.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        guard buffer.count <= Self.lineLimit else { throw .lineTooLong }
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        guard let count = Descriptor.read(descriptor, into: &chunk) else { throw .unreadable }
        isAtEnd = count == 0
        buffer += chunk[..<count]
    }
}
