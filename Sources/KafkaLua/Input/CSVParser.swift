/// Reads comma-separated values (RFC 4180) that come in blocks. Pure.
///
/// A row ends with LF or CR LF; a field in quotes may hold separators, line ends and, doubled, quotes. Rows without a
/// byte are left out, and so is a byte order mark.
package struct CSVParser: Sendable {
    /// A row, and the line on which it begins.
    package struct Row: Equatable, Sendable {
        package var fields: [[UInt8]]
        package var line: Int
    }

    /// What is wrong, and on which line.
    package struct Failure: Error, Equatable {
        package var line: Int
        package var message: String
    }

    private enum State {
        case start, unquoted, quoted
        /// After a quote in a quoted field: its end, or the first of two.
        case quote
        /// After a CR that may belong to the end of the row.
        case carriageReturn
    }

    let separator: UInt8
    let quote: UInt8
    /// How many bytes a row may have.
    let limit: Int

    private var state = State.start
    private var fields: [[UInt8]] = []
    private var field: [UInt8] = []
    private var size = 0
    private var line = 1
    /// Where the row, and the field that is being read, begin.
    private var rowLine = 1
    private var fieldLine = 1
    private var markBytes = 0
    private var isFieldQuoted = false

    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    package init(separator: UInt8 = UInt8(ascii: ","), quote: UInt8 = UInt8(ascii: "\""), limit: Int = 16 << 20) {
        (self.separator, self.quote, self.limit) = (separator, quote, limit)
    }

    /// Takes bytes up to the end of the next row, which it gives back; nil if all were taken and the row has not ended.
    package mutating func next(_ bytes: inout ArraySlice<UInt8>) throws(Failure) -> Row? {
        skipByteOrderMark(&bytes)
        while let byte = bytes.popFirst() {
            size += 1
            if size > limit { throw Failure(line: rowLine, message: "the row is longer than \(limit) bytes") }
            if byte == Self.lineFeed { line += 1 }
            if try take(byte), let row = endRow() { return row }
        }
        return nil
    }

    /// The row that no line end follows; nil if there is none.
    package mutating func finish() throws(Failure) -> Row? {
        switch state {
        case .quoted: throw Failure(line: fieldLine, message: "the quote that begins here is not closed")
        case .start, .unquoted, .quote, .carriageReturn: break
        }
        if markBytes < Self.byteOrderMark.count { field = Array(Self.byteOrderMark[..<markBytes]) }
        return endRow()
    }

    private mutating func skipByteOrderMark(_ bytes: inout ArraySlice<UInt8>) {
        while markBytes < Self.byteOrderMark.count, let byte = bytes.first {
            guard byte == Self.byteOrderMark[markBytes] else {
                // It was not the mark: what was taken for it belongs to the first field.
                field = Array(Self.byteOrderMark[..<markBytes])
                if !field.isEmpty { state = .unquoted }
                markBytes = Self.byteOrderMark.count
                return
            }
            markBytes += 1
            bytes.removeFirst()
        }
    }

    /// Returns whether the row has ended.
    private mutating func take(_ byte: UInt8) throws(Failure) -> Bool {
        switch state {
        case .start:
            fieldLine = byte == Self.lineFeed ? line - 1 : line
            if byte == quote {
                state = .quoted
                isFieldQuoted = true
                return false
            }
            state = .unquoted
            return try takeUnquoted(byte)
        case .unquoted: return try takeUnquoted(byte)
        case .carriageReturn:
            if byte == Self.lineFeed { return true }
            if isFieldQuoted { throw afterQuote }
            field.append(Self.carriageReturn)
            state = .unquoted
            return try takeUnquoted(byte)
        case .quoted:
            if byte == quote { state = .quote } else { field.append(byte) }
            return false
        case .quote:
            if byte == quote {
                field.append(byte)
                state = .quoted
                return false
            }
            guard byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn else { throw afterQuote }
            return try takeUnquoted(byte)
        }
    }

    private mutating func takeUnquoted(_ byte: UInt8) throws(Failure) -> Bool {
        switch byte {
        case separator: endField()
        case Self.lineFeed: return true
        case Self.carriageReturn: state = .carriageReturn
        case quote: throw Failure(line: line, message: "a quote in a field that does not begin with one")
        default: field.append(byte)
        }
        return false
    }

    private var afterQuote: Failure {
        Failure(line: line, message: "a quoted field goes on after its closing quote; double the quotes inside of it")
    }

    private mutating func endField() {
        fields.append(field)
        field = []
        state = .start
        isFieldQuoted = false
    }

    /// Nil if the row has no byte.
    private mutating func endRow() -> Row? {
        defer { (fields, size, rowLine) = ([], 0, line) }
        let isBlank = fields.isEmpty && field.isEmpty && !isFieldQuoted
        endField()
        return isBlank ? nil : Row(fields: fields, line: rowLine)
    }
}
