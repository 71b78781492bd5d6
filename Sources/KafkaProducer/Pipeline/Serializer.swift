/// How keys or values of one type become bytes.
///
/// A serializer lends its bytes to `body` for the length of the call, so that they are copied once: into the batch.
/// It may add headers. It runs on the thread that called `send`, and is not asked about null.
public struct Serializer<Value>: Sendable {
    public typealias Body = (RawSpan) throws -> Void
    public typealias Function = @Sendable (
        _ value: Value, _ topic: String, _ headers: inout Headers, _ body: Body
    ) throws -> Void

    /// Short name, as in `value.serializer`.
    public let name: String
    @usableFromInline let function: Function

    /// - Parameter function: calls `body` exactly once with the bytes, or throws.
    public init(name: String = "custom", lending function: @escaping Function) {
        self.name = name
        self.function = function
    }

    /// Serializes into an array of its own; `lending` saves the array.
    public init(
        name: String = "custom",
        _ bytes: @escaping @Sendable (_ value: Value, _ topic: String, _ headers: inout Headers) throws -> [UInt8]
    ) {
        self.init(name: name) { value, topic, headers, body in
            try body(bytes(value, topic, &headers).span.bytes)
        }
    }

    @inlinable
    func lend(_ value: Value, _ topic: String, _ headers: inout Headers, _ body: Body) throws {
        try function(value, topic, &headers, body)
    }
}

/// A type that has a serializer of its own, used where none is given.
public protocol KafkaSerializable {
    static var serializer: Serializer<Self> { get }
}
