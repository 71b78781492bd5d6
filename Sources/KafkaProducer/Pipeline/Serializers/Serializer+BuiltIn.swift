public import KafkaWire

extension Serializer where Value == String {
    /// UTF-8.
    public static let string = Serializer(name: "string", form: .text) { value, _, headers, body in
        try body(value.utf8Span.span.bytes, headers)
    }
}

extension Serializer where Value == [UInt8] {
    /// The bytes as they are.
    public static let bytes = Serializer(name: "bytes", form: .bytes) { value, _, headers, body in
        try body(value.span.bytes, headers)
    }
}

extension Serializer where Value == Bool {
    /// One byte, 1 or 0. Other than the numbers, Java does not count it among the values of one size.
    public static let bool = Serializer(name: "bool") { value, _, headers, body in
        try withUnsafeBytes(of: value ? 1 as UInt8 : 0) { try body(RawSpan(_unsafeBytes: $0), headers) }
    }
}

extension Serializer where Value == KafkaUUID {
    /// The hexadecimal text with hyphens, in lower case, as Java's UUIDSerializer writes it.
    public static let uuid = Serializer(name: "uuid", hasConstantSize: true) { value, _, headers, body in
        try body(value.hyphenated.utf8Span.span.bytes, headers)
    }
}

extension Serializer where Value == Never {
    /// For keys or values that are always null (Java's VoidSerializer).
    public static let void = Serializer(name: "void") { _, _, _, _ in }
}

extension String: KafkaSerializable {
    public static var serializer: Serializer<String> { .string }
}

extension [UInt8]: KafkaSerializable {
    public static var serializer: Serializer<[UInt8]> { .bytes }
}

extension Bool: KafkaSerializable {
    public static var serializer: Serializer<Bool> { .bool }
}

extension KafkaUUID: KafkaSerializable {
    public static var serializer: Serializer<KafkaUUID> { .uuid }
}

extension Never: KafkaSerializable {
    public static var serializer: Serializer<Never> { .void }
}
