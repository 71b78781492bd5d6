/// How much of a value is printed.
struct PrintLimits: Equatable, Sendable {
    /// Tables within tables.
    var depth = 6
    /// Entries of one table.
    var items = 100
    /// Entries of all tables together.
    var total = 2_000
    /// Bytes of a string.
    var stringBytes = 8_192
    /// Columns within which a table stands on one line.
    var width = 80
}
