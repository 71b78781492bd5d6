import KafkaProducer

extension NamedSerializer {
    /// The bytes of a key or value of the command line, which is text.
    /// - Throws: ``Failure`` if the text is not what the serializer takes.
    func bytes(ofText text: [UInt8]) throws(Failure) -> [UInt8] {
        let word = String(decoding: text, as: UTF8.self)
        let bytes: [UInt8]? =
            switch self {
            case .string, .bytes, .json: text
            case .int16: Int16(word).flatMap { try? Serializer.int16.serialize($0) }
            case .int32: Int32(word).flatMap { try? Serializer.int32.serialize($0) }
            case .int64: Int64(word).flatMap { try? Serializer.int64.serialize($0) }
            case .float: Float(word).flatMap { try? Serializer.float.serialize($0) }
            case .double: Double(word).flatMap { try? Serializer.double.serialize($0) }
            case .bool: Bool(word).flatMap { try? Serializer.bool.serialize($0) }
            case .uuid: KafkaUUID(hyphenated: word).flatMap { try? Serializer.uuid.serialize($0) }
            case .void: nil
            case .list:
                throw Failure("lists cannot be written as text: send them from a script", exitCode: 2)
            }
        guard let bytes else { throw Failure("\(EscapedText.of(text, quoted: true)) is no \(name)") }
        return bytes
    }
}
