/// Cuts bytes that come in blocks into lines. Pure.
struct LineCutter {
    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0

    /// How many bytes wait for the end of their line.
    var pendingCount: Int { buffer.count - start }

    /// The next whole line without its `\n`; nil if more bytes are needed.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = buffer.count
            return nil
        }
        defer { (start, searched) = (end + 1, end + 1) }
        return buffer[start..<end]
    }

    mutating func append(_ bytes: [UInt8]) {
        buffer.removeSubrange(..<start)
        searched -= start
        start = 0
        buffer += bytes
    }

    /// What came after the last `\n`; nil if there is nothing.
    mutating func last() -> ArraySlice<UInt8>? {
        defer { (start, searched) = (buffer.count, buffer.count) }
        return start < buffer.count ? buffer[start...] : nil
    }
}
