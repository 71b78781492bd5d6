/// How `send` makes records of its input.
struct SendPlan: Sendable {
    var format = RecordFormat.lines
    var line: RecordLine
    var object: RecordObject
    var row: RecordRow
    /// Parts the fields of CSV.
    var separator = UInt8(ascii: ",")

    init(
        _ frame: RecordFrame, format: RecordFormat = .lines, key: [UInt8]? = nil, keyDelimiter: [UInt8] = [],
        nullMarker: [UInt8]? = nil, columns: RecordRow.Columns = .init()
    ) {
        self.format = format
        line = RecordLine(frame, key: key, keyDelimiter: keyDelimiter, nullMarker: nullMarker)
        object = RecordObject(frame: frame, key: key)
        row = RecordRow(frame, key: key, columns: columns, nullMarker: nullMarker)
    }
}
