public import KafkaWire

/// The headers of a record, in order; names may repeat.
public struct Headers: Hashable, Sendable, RandomAccessCollection, RangeReplaceableCollection, MutableCollection {
    @usableFromInline var elements: [RecordHeader]

    @inlinable
    public init() { elements = [] }

    public var startIndex: Int { elements.startIndex }
    public var endIndex: Int { elements.endIndex }

    public subscript(position: Int) -> RecordHeader {
        get { elements[position] }
        set { elements[position] = newValue }
    }

    public mutating func replaceSubrange<Elements: Collection<RecordHeader>>(
        _ range: Range<Int>, with newElements: Elements
    ) {
        elements.replaceSubrange(range, with: newElements)
    }

    /// Adds a header whose value is text.
    public mutating func add(_ name: String, _ value: String?) {
        elements.append(RecordHeader(name: name, value: value.map { Array($0.utf8) }))
    }

    /// Adds a header whose value is bytes.
    public mutating func add(_ name: String, bytes: [UInt8]?) {
        elements.append(RecordHeader(name: name, value: bytes))
    }

    /// The last header of that name, which by Kafka's convention wins.
    public func last(named name: String) -> RecordHeader? { elements.last { $0.name == name } }

    /// Lends the section of headers as the wire has it; empty if there are none.
    package func withEncoded<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        if elements.isEmpty { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return try encoded.withUnsafeBytes(body)
    }

    /// The section of headers as the wire has it; empty if there are none.
    var encoded: [UInt8] { elements.isEmpty ? [] : RecordHeader.encode(elements) }
}

extension Headers: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String?)...) {
        self.init()
        for (name, value) in elements { add(name, value) }
    }
}
