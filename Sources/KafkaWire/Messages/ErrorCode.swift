/// What a broker answers when something went wrong; 0 when nothing did.
public struct ErrorCode: RawRepresentable, Hashable, Sendable {
    public var rawValue: Int16

    public init(rawValue: Int16) { self.rawValue = rawValue }

    public static let none = ErrorCode(rawValue: 0)
}
