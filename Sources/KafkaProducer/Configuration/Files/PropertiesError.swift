/// What is wrong with a `.properties` file, and where.
public struct PropertiesError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line on which the property begins, counted from 1.
    public let line: Int
    /// What was found there.
    public let reason: String

    public init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    public var description: String { "line \(line): \(reason)" }
}
