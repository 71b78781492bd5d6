/// Writes a message's fields. Record batches are not copied: each leaves a gap that is filled when the bytes go out.
public struct WireWriter: FieldCoder {
    public private(set) var bytes: [UInt8] = []
    /// The places at which records belong: `offset` counts the bytes of this writer that go before them.
    public private(set) var gaps: [RecordsReference] = []
    public let version: Int16
    public let isFlexible: Bool
    private var tagCount: UInt32 = 0
    private var tagBytes: [UInt8] = []

    public init(version: Int16 = 0, isFlexible: Bool = false) {
        self.version = version
        self.isFlexible = isFlexible
        bytes.reserveCapacity(Self.initialCapacity)
    }

    /// Holds most headers and requests, so that they need not grow.
    private static let initialCapacity = 128

    /// How many bytes have been written, gaps not counted.
    public var position: Int { bytes.count }

    /// All bytes of the message once its gaps are filled.
    public var totalCount: Int { gaps.reduce(bytes.count) { $0 + $1.count } }

    private mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func unsignedVarint(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A zigzag-encoded 32-bit integer, as in records.
    public mutating func varint(_ value: Int32) { unsignedVarint(Varint.zigzag(value)) }

    /// Bytes as they are.
    public mutating func append(_ content: some Sequence<UInt8>) { bytes.append(contentsOf: content) }

    private mutating func length(_ count: Int?, wide: Bool = true, compact: Bool) throws(WireError) {
        let limit = wide ? Int(Int32.max) - 1 : Int(Int16.max)
        if let count, count > limit { throw WireError(.invalidLength(count), at: bytes.count) }
        if compact {
            unsignedVarint(UInt32((count ?? -1) + 1))
        } else if wide {
            integer(Int32(count ?? -1))
        } else {
            integer(Int16(count ?? -1))
        }
    }

    public mutating func field(_ value: inout Bool) { integer(UInt8(value ? 1 : 0)) }
    public mutating func field(_ value: inout Int8) { integer(value) }
    public mutating func field(_ value: inout Int16) { integer(value) }
    public mutating func field(_ value: inout Int32) { integer(value) }
    public mutating func field(_ value: inout Int64) { integer(value) }

    public mutating func field(_ value: inout KafkaUUID) {
        integer(value.high)
        integer(value.low)
    }

    public mutating func field(_ value: inout String) throws(WireError) {
        try string(value, compact: isFlexible)
    }

    public mutating func field(_ value: inout String?, compact: Bool) throws(WireError) {
        try string(value, compact: compact)
    }

    private mutating func string(_ value: String?, compact: Bool) throws(WireError) {
        try length(value?.utf8.count, wide: false, compact: compact)
        if let value { bytes.append(contentsOf: value.utf8) }
    }

    public mutating func field(_ value: inout [UInt8]) throws(WireError) {
        try length(value.count, compact: isFlexible)
        bytes.append(contentsOf: value)
    }

    public mutating func field(_ value: inout [UInt8]?) throws(WireError) {
        if var present = value { try field(&present) } else { try length(nil, compact: isFlexible) }
    }

    public mutating func field(_ value: inout RecordsReference?) throws(WireError) {
        try length(value?.count, compact: isFlexible)
        if let value { gaps.append(RecordsReference(offset: bytes.count, count: value.count)) }
    }

    public mutating func array<Element>(
        _ value: inout [Element], new: @autoclosure () -> Element,
        element: (inout Self, inout Element) throws(WireError) -> Void
    ) throws(WireError) {
        try length(value.count, compact: isFlexible)
        // A copy of each element: in its place it would be changed, and the whole array copied for that.
        for var item in value { try element(&self, &item) }
    }

    public mutating func array<Element>(
        _ value: inout [Element]?, new: @autoclosure () -> Element,
        element: (inout Self, inout Element) throws(WireError) -> Void
    ) throws(WireError) {
        guard var present = value else { return try length(nil, compact: isFlexible) }
        try array(&present, new: new(), element: element)
    }

    public mutating func nullable<Value: WireStruct>(_ value: inout Value?) throws(WireError) {
        guard var present = value else { return integer(Int8(-1)) }
        integer(Int8(1))
        try field(&present)
    }

    public mutating func tag(
        _ number: UInt32, isDefault: Bool, code: (inout Self) throws(WireError) -> Void
    ) throws(WireError) {
        if isDefault { return }
        // A tag's size goes before its bytes: they are written aside, and nested sections save what is under way.
        let (outerBytes, outerCount, outerTags) = (bytes, tagCount, tagBytes)
        (bytes, tagCount, tagBytes) = ([], 0, [])
        try code(&self)
        let content = bytes
        bytes = outerTags
        unsignedVarint(number)
        unsignedVarint(UInt32(content.count))
        bytes.append(contentsOf: content)
        (bytes, tagCount, tagBytes) = (outerBytes, outerCount + 1, bytes)
    }

    public mutating func tagSection<Value: WireStruct>(of value: inout Value) throws(WireError) {
        guard isFlexible else { return }
        let (outerCount, outerTags) = (tagCount, tagBytes)
        (tagCount, tagBytes) = (0, [])
        try value.codeTags(&self)
        unsignedVarint(tagCount)
        bytes.append(contentsOf: tagBytes)
        (tagCount, tagBytes) = (outerCount, outerTags)
    }
}
