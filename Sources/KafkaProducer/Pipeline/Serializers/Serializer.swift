/// What needs no function: the bytes are there already.
@usableFromInline
enum SerializedForm: Sendable {
    /// The value is a `[UInt8]`.
    case bytes
    /// The value is a `String`.
    case text
    case function
}

/// How keys or values of one type become bytes.
///
/// A serializer lends its bytes to `body` for the length of the call, so that they are copied once: into the batch.
/// It hands on the record's headers, and may add to them. It runs on the thread that called `send`, and is not asked
/// about null.
public struct Serializer<Value>: Sendable {
    /// Takes the bytes, and the record's headers as they are from here on.
    public typealias Body = (_ bytes: RawSpan, _ headers: Headers) throws -> Void
    public typealias Function =
        @Sendable (
            _ value: Value, _ topic: String, _ headers: Headers, _ body: Body
        ) throws -> Void

    /// Short name, as in `value.serializer`.
    public let name: String
    @usableFromInline let function: Function
    @usableFromInline let form: SerializedForm
    /// Whether all values have as many bytes as each other; decides how a list of them is written.
    package let hasConstantSize: Bool
    private var closeAction: (@Sendable () -> Void)?

    /// - Parameter function: calls `body` exactly once, or throws.
    public init(name: String = "custom", lending function: @escaping Function) {
        self.init(name: name, hasConstantSize: false, lending: function)
    }

    package init(name: String, hasConstantSize: Bool, lending function: @escaping Function) {
        self.init(name: name, hasConstantSize: hasConstantSize, form: .function, lending: function)
    }

    init(name: String, hasConstantSize: Bool = false, form: SerializedForm, lending function: @escaping Function) {
        self.name = name
        self.function = function
        self.form = form
        self.hasConstantSize = hasConstantSize
    }

    /// Serializes into an array of its own; `lending` saves the array.
    public init(
        name: String = "custom",
        _ bytes: @escaping @Sendable (_ value: Value, _ topic: String, _ headers: inout Headers) throws -> [UInt8]
    ) {
        self.init(name: name) { value, topic, headers, body in
            var headers = headers
            let bytes = try bytes(value, topic, &headers)
            try body(bytes.span.bytes, headers)
        }
    }

    /// The same for another type, whose values are turned into this one's.
    public func converting<Other>(_ convert: @escaping @Sendable (Other) throws -> Value) -> Serializer<Other> {
        var result = Serializer<Other>(name: name, hasConstantSize: hasConstantSize) {
            [function] value, topic, headers, body in
            try function(try convert(value), topic, headers, body)
        }
        result.closeAction = closeAction
        return result
    }

    /// The same, with something to be done once when a producer that uses it closes: after its interceptors, and before
    /// its partitioner.
    public func onClose(_ action: @escaping @Sendable () -> Void) -> Serializer {
        var result = self
        result.closeAction = action
        return result
    }

    func close() { closeAction?() }

    /// The bytes of a value, for tests and for what is not sent.
    /// - Throws: What the serializer throws; `KafkaError` of kind `serialization` if it gives no bytes.
    public func serialize(_ value: Value, topic: String = "") throws -> [UInt8] {
        var bytes: [UInt8]?
        try function(value, topic, Headers()) { span, _ in bytes = span.withUnsafeBytes { Array($0) } }
        guard let bytes else { throw KafkaError.noBytes(topic: topic) }
        return bytes
    }

    /// Lends the bytes of a value, which may be null, and the headers as they are from here on.
    ///
    /// Where the program's types are known, the built-in forms are chosen by the compiler, and nothing is called.
    @inlinable
    @inline(__always)
    func lend(
        _ value: Value?, _ topic: String, _ headers: Headers, _ body: (RawSpan?, Headers) throws -> Void
    ) throws {
        guard let value else { return try body(nil, headers) }
        switch form {
        case .bytes:
            if let bytes = value as? [UInt8] { return try body(bytes.span.bytes, headers) }
        case .text:
            if let text = value as? String { return try body(text.utf8Span.span.bytes, headers) }
        case .function: break
        }
        try function(value, topic, headers) { try body($0, $1) }
    }
}

/// A type that has a serializer of its own, used where none is given.
public protocol KafkaSerializable {
    static var serializer: Serializer<Self> { get }
}
