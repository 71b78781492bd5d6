extension Serializer {
    /// A list of items without null, as Java's ListSerializer writes it.
    public static func list<Item>(of item: Serializer<Item>) -> Serializer where Value == [Item] {
        Serializer(name: "list<\(item.name)>") { items, topic, headers, body in
            try ListWriter.lend(items, item, topic, headers, body)
        }
    }

    /// A list of items, some of which may be null, as Java's ListSerializer writes it.
    public static func list<Item>(of item: Serializer<Item>) -> Serializer where Value == [Item?] {
        Serializer(name: "list<\(item.name)>") { items, topic, headers, body in
            try ListWriter.lend(items, item, topic, headers, body)
        }
    }
}

/// Java's format of a list, with big-endian numbers.
///
/// Items of one size: a byte 0, the count and the positions of the nulls, the count of all items, the items that are
/// not null. Other items: a byte 1, the count, and before each item its size, which is −1 for null.
private enum ListWriter {
    private enum Strategy: UInt8 {
        case constantSize, variableSize
    }

    private static let nullSize: Int32 = -1

    static func lend<Item>(
        _ items: [Item?], _ serializer: Serializer<Item>, _ topic: String, _ headers: Headers,
        _ body: Serializer<[Item]>.Body
    ) throws {
        let count = try int32(items.count)
        var bytes: [UInt8] = []
        let strategy = serializer.hasConstantSize ? Strategy.constantSize : .variableSize
        bytes.append(strategy.rawValue)
        if strategy == .constantSize {
            let nulls = items.indices.filter { items[$0] == nil }
            bytes.append(bigEndian: Int32(nulls.count))
            for position in nulls { bytes.append(bigEndian: Int32(position)) }
        }
        bytes.append(bigEndian: count)
        var headers = headers
        for item in items {
            guard let item else {
                if strategy == .variableSize { bytes.append(bigEndian: nullSize) }
                continue
            }
            var isWritten = false
            try serializer.function(item, topic, headers) { span, extended in
                if strategy == .variableSize { bytes.append(bigEndian: try int32(span.byteCount)) }
                span.withUnsafeBytes { bytes.append(contentsOf: $0) }
                headers = extended
                isWritten = true
            }
            if !isWritten { throw KafkaError.noBytes(topic: topic) }
        }
        try body(bytes.span.bytes, headers)
    }

    private static func int32(_ count: Int) throws(KafkaError) -> Int32 {
        guard let count = Int32(exactly: count) else {
            throw KafkaError(.serialization, "a list or an item of it has more than 2147483647 items or bytes")
        }
        return count
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: Int32) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
