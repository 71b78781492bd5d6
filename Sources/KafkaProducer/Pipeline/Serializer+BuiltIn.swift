extension Serializer where Value == String {
    /// UTF-8.
    public static let string = Serializer(name: "string") { value, _, headers, body in
        try body(value.utf8Span.span.bytes, headers)
    }
}

extension Serializer where Value == [UInt8] {
    /// The bytes as they are.
    public static let bytes = Serializer(name: "bytes") { value, _, headers, body in
        try body(value.span.bytes, headers)
    }
}

extension Serializer where Value: FixedWidthInteger & Sendable {
    /// Big-endian, as Java's ShortSerializer, IntegerSerializer and LongSerializer write it.
    public static func bigEndian(_ name: String) -> Serializer {
        Serializer(name: name) { value, _, headers, body in
            try withUnsafeBytes(of: value.bigEndian) { try body(RawSpan(_unsafeBytes: $0), headers) }
        }
    }
}

extension Serializer where Value == Int16 {
    public static let int16 = bigEndian("int16")
}

extension Serializer where Value == Int32 {
    public static let int32 = bigEndian("int32")
}

extension Serializer where Value == Int64 {
    public static let int64 = bigEndian("int64")
}

extension Serializer where Value == Float {
    /// IEEE 754, big-endian.
    public static let float = Serializer(name: "float") { value, topic, headers, body in
        try Serializer<UInt32>.bigEndian("float").function(value.bitPattern, topic, headers, body)
    }
}

extension Serializer where Value == Double {
    /// IEEE 754, big-endian.
    public static let double = Serializer(name: "double") { value, topic, headers, body in
        try Serializer<UInt64>.bigEndian("double").function(value.bitPattern, topic, headers, body)
    }
}

extension String: KafkaSerializable {
    public static var serializer: Serializer<String> { .string }
}

extension [UInt8]: KafkaSerializable {
    public static var serializer: Serializer<[UInt8]> { .bytes }
}

extension Int16: KafkaSerializable {
    public static var serializer: Serializer<Int16> { .int16 }
}

extension Int32: KafkaSerializable {
    public static var serializer: Serializer<Int32> { .int32 }
}

extension Int64: KafkaSerializable {
    public static var serializer: Serializer<Int64> { .int64 }
}

extension Float: KafkaSerializable {
    public static var serializer: Serializer<Float> { .float }
}

extension Double: KafkaSerializable {
    public static var serializer: Serializer<Double> { .double }
}
