/// Makes records of the rows of a CSV file, whose first row has the names of the columns.
struct RecordRow: Sendable {
    /// Which columns become what.
    struct Columns: Equatable, Sendable {
        /// The column that has the keys.
        var key: String?
        /// The column that has the values; nil makes each value a JSON object of all columns.
        var value: String?
    }

    let frame: RecordFrame
    /// The key of every record where no column has it.
    let key: [UInt8]?
    let columns: Columns
    /// A field that is this is null.
    let nullMarker: [UInt8]?
    /// The names, once they were read.
    private var names: [String]?
    private var keyIndex, valueIndex: Int?

    init(_ frame: RecordFrame, key: [UInt8]? = nil, columns: Columns = Columns(), nullMarker: [UInt8]? = nil) {
        (self.frame, self.key, self.columns, self.nullMarker) = (frame, key, columns, nullMarker)
    }

    /// The record of a row; nil for the first one, which has the names.
    mutating func record(_ fields: [[UInt8]]) throws(Failure) -> OutgoingRecord? {
        guard let names else {
            try take(names: fields)
            return nil
        }
        guard fields.count == names.count else {
            throw Failure("the row has \(fields.count) fields, and the first one has \(names.count)")
        }
        var record = OutgoingRecord(key: key, value: nil, frame: frame)
        if let keyIndex { record.key = orNull(fields[keyIndex]) }
        record.value = valueIndex.map { orNull(fields[$0]) } ?? object(names, fields)
        return record
    }

    private mutating func take(names fields: [[UInt8]]) throws(Failure) {
        let names = fields.map { String(decoding: $0, as: UTF8.self) }
        keyIndex = try index(of: columns.key, in: names)
        valueIndex = try index(of: columns.value, in: names)
        if let name = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 })?.key {
            throw Failure("two columns are named '\(EscapedText.of(name.utf8))'")
        }
        self.names = names
    }

    private func index(of column: String?, in names: [String]) throws(Failure) -> Int? {
        guard let column else { return nil }
        guard let index = names.firstIndex(of: column) else {
            let known = names.map { EscapedText.of($0.utf8) }.joined(separator: ", ")
            throw Failure("there is no column '\(column)', but \(known)", exitCode: 2)
        }
        return index
    }

    private func orNull(_ field: [UInt8]) -> [UInt8]? { field == nullMarker ? nil : field }

    private func object(_ names: [String], _ fields: [[UInt8]]) -> [UInt8] {
        Array(JSONText.object(zip(names, fields).map { ($0, JSONText.bytes(orNull($1))) }).utf8)
    }
}
