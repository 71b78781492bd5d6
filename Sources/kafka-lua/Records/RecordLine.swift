#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes keys and values of lines, without copying them.
struct RecordLine: Sendable {
    let frame: RecordFrame
    /// The key of every record; with a delimiter, of those whose line has none.
    private let key: HeldBytes?
    /// Parts the key from the value at its first occurrence.
    private let keyDelimiter: [UInt8]
    /// A key or value that is this is null.
    private let nullMarker: [UInt8]?

    init(_ frame: RecordFrame, key: [UInt8]? = nil, keyDelimiter: [UInt8] = [], nullMarker: [UInt8]? = nil) {
        self.frame = frame
        self.key = key.map(HeldBytes.init)
        self.keyDelimiter = keyDelimiter
        self.nullMarker = nullMarker
    }

    /// The key and the value of a line; they lie in it.
    @inline(__always)
    func parts(
        of line: UnsafeRawBufferPointer
    ) -> (key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?) {
        guard keyDelimiter.isEmpty, nullMarker == nil else { return split(line) }
        return (key?.bytes, line)
    }

    /// The value of a line that has no key in it.
    func value(of line: UnsafeRawBufferPointer) -> (key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?) {
        (key?.bytes, orNull(line))
    }

    private func split(
        _ line: UnsafeRawBufferPointer
    ) -> (key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?) {
        guard let start = position(in: line) else { return value(of: line) }
        let key = UnsafeRawBufferPointer(rebasing: line[..<start])
        return (orNull(key), orNull(UnsafeRawBufferPointer(rebasing: line[(start + keyDelimiter.count)...])))
    }

    /// Where the delimiter begins.
    private func position(in line: UnsafeRawBufferPointer) -> Int? {
        guard let base = line.baseAddress, !keyDelimiter.isEmpty else { return nil }
        var start = 0
        while let found = memchr(base + start, CInt(keyDelimiter[0]), line.count - start) {
            let index = UnsafeRawPointer(found) - base
            if line[index...].starts(with: keyDelimiter) { return index }
            start = index + 1
        }
        return nil
    }

    private func orNull(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let nullMarker, bytes.elementsEqual(nullMarker) else { return bytes }
        return nil
    }

    /// `name=value` as a header; without `=`, a header without a value.
    static func header(_ text: String) -> (name: String, value: [UInt8]?)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else { return nil }
        return (String(name), parts.count > 1 ? Array(parts[1].utf8) : nil)
    }

    /// A delimiter as it is typed: `\t`, `\n` and `\0` stand for what they stand for elsewhere.
    static func delimiter(_ text: String) -> [UInt8] {
        Array(text.replacing("\\t", with: "\t").replacing("\\n", with: "\n").replacing("\\0", with: "\0").utf8)
    }
}
