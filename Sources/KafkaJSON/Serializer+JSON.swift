public import KafkaProducer

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

// Apart from KafkaProducer, which links no Foundation.
extension Serializer where Value: Encodable & SendableMetatype {
    /// JSON in UTF-8, by Foundation's encoder, with keys sorted so that equal values have equal bytes.
    public static var json: Serializer { json(JSONEncoder.sorted) }

    /// JSON in UTF-8, by an encoder that is not changed any more.
    /// - Returns: A serializer that throws what the encoder throws, such as `EncodingError` for a number that is not
    ///   finite.
    public static func json(_ encoder: JSONEncoder) -> Serializer {
        Serializer(name: "json") { value, _, headers, body in
            try encoder.encode(value).withUnsafeBytes { try body(RawSpan(_unsafeBytes: $0), headers) }
        }
    }
}

extension JSONEncoder {
    fileprivate static let sorted = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return encoder
    }()
}
