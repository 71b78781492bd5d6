/// Bytes that do not say what the protocol says they should, and where.
public struct WireError: Error, Equatable, CustomStringConvertible {
    public enum Reason: Equatable, Sendable {
        case truncated(needed: Int, available: Int)
        case varintTooLong
        case invalidLength(Int)
        case invalidUTF8
        case nullNotAllowed
        case unsupportedVersion(Int16)
        case trailingBytes(Int)
        case duplicateTag(UInt32)
        case malformed(String)
    }

    public var reason: Reason
    /// The byte, counted from the start of the body, at which reading stopped.
    public var position: Int

    public init(_ reason: Reason, at position: Int) {
        self.reason = reason
        self.position = position
    }

    public var description: String {
        let what =
            switch reason {
            case .truncated(let needed, let available): "truncated: \(needed) bytes needed, \(available) left"
            case .varintTooLong: "a varint longer than its type"
            case .invalidLength(let length): "invalid length \(length)"
            case .invalidUTF8: "a string that is not UTF-8"
            case .nullNotAllowed: "null where a value is required"
            case .unsupportedVersion(let version): "unsupported version \(version)"
            case .trailingBytes(let count): "\(count) bytes left over"
            case .duplicateTag(let tag): "tag \(tag) twice"
            case .malformed(let text): text
            }
        return "\(what) (at byte \(position))"
    }
}
