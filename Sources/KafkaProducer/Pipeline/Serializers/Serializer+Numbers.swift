extension Serializer where Value: FixedWidthInteger & Sendable {
    /// Big-endian, as Java's ShortSerializer, IntegerSerializer and LongSerializer write it.
    public static func bigEndian(_ name: String) -> Serializer {
        Serializer(name: name, hasConstantSize: true) { value, _, headers, body in
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
    public static let float = Serializer(name: "float", hasConstantSize: true) { value, _, headers, body in
        try withUnsafeBytes(of: value.bitPattern.bigEndian) { try body(RawSpan(_unsafeBytes: $0), headers) }
    }
}

extension Serializer where Value == Double {
    /// IEEE 754, big-endian.
    public static let double = Serializer(name: "double", hasConstantSize: true) { value, _, headers, body in
        try withUnsafeBytes(of: value.bitPattern.bigEndian) { try body(RawSpan(_unsafeBytes: $0), headers) }
    }
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
