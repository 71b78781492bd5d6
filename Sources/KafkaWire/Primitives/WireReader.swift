/// Reads a message's fields from bytes that anybody may have sent: it throws where they fall short, and never traps.
public struct WireReader: FieldCoder, ~Copyable, ~Escapable {
    private let bytes: RawSpan
    /// The byte that is read next.
    public private(set) var position: Int
    private var end: Int
    public let version: Int16
    public let isFlexible: Bool
    /// The tag whose field is being looked for, while a tagged section is read.
    private var wantedTag: UInt32?

    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, version: Int16 = 0, isFlexible: Bool = false) {
        self.bytes = bytes
        self.position = 0
        self.end = bytes.byteCount
        self.version = version
        self.isFlexible = isFlexible
    }

    public var remaining: Int { end - position }

    private func failure(_ reason: WireError.Reason) -> WireError { WireError(reason, at: position) }

    /// Claims the next `count` bytes and returns where they begin.
    private mutating func take(_ count: Int) throws(WireError) -> Int {
        guard count >= 0 else { throw failure(.invalidLength(count)) }
        guard count <= remaining else { throw failure(.truncated(needed: count, available: remaining)) }
        defer { position += count }
        return position
    }

    private mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(WireError) -> Value {
        let offset = try take(MemoryLayout<Value>.size)
        return Value(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// An unsigned varint of at most five bytes.
    public mutating func unsignedVarint() throws(WireError) -> UInt32 {
        let start = position
        let value = try varint(maximumBytes: 5)
        guard let narrow = UInt32(exactly: value) else { throw WireError(.varintTooLong, at: start) }
        return narrow
    }

    private mutating func varint(maximumBytes: Int) throws(WireError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        for index in 0..<maximumBytes {
            let byte = try integer(UInt8.self)
            // The tenth byte has room for one bit of 64.
            if index == 9, byte > 1 { break }
            value |= UInt64(byte & 0x7f) &<< UInt64(7 * index)
            if byte < 0x80 { return value }
        }
        throw WireError(.varintTooLong, at: start)
    }

    /// A zigzag-encoded 32-bit integer, as in records.
    public mutating func varint() throws(WireError) -> Int32 {
        Varint.unzigzag(try unsignedVarint())
    }

    /// A zigzag-encoded 64-bit integer, as in records.
    public mutating func varlong() throws(WireError) -> Int64 {
        Varint.unzigzag(try varint(maximumBytes: 10))
    }

    /// The length of an array, string or byte field; nil for null.
    private mutating func length(wide: Bool = true, compact: Bool) throws(WireError) -> Int? {
        let length =
            if compact {
                Int(try unsignedVarint()) - 1
            } else if wide {
                Int(try integer(Int32.self))
            } else {
                Int(try integer(Int16.self))
            }
        guard length >= -1 else { throw failure(.invalidLength(length)) }
        return length < 0 ? nil : length
    }

    private func required<Value>(_ value: Value?) throws(WireError) -> Value {
        guard let value else { throw failure(.nullNotAllowed) }
        return value
    }

    public mutating func field(_ value: inout Bool) throws(WireError) { value = try integer(UInt8.self) != 0 }
    public mutating func field(_ value: inout Int8) throws(WireError) { value = try integer(Int8.self) }
    public mutating func field(_ value: inout Int16) throws(WireError) { value = try integer(Int16.self) }
    public mutating func field(_ value: inout Int32) throws(WireError) { value = try integer(Int32.self) }
    public mutating func field(_ value: inout Int64) throws(WireError) { value = try integer(Int64.self) }

    public mutating func field(_ value: inout KafkaUUID) throws(WireError) {
        value = KafkaUUID(high: try integer(UInt64.self), low: try integer(UInt64.self))
    }

    public mutating func field(_ value: inout String) throws(WireError) {
        var optional: String?
        try field(&optional)
        value = try required(optional)
    }

    public mutating func field(_ value: inout String?, compact: Bool) throws(WireError) {
        guard let length = try length(wide: false, compact: compact) else { return value = nil }
        // A compact length could say more, but no string is longer in any version.
        guard length <= Int(Int16.max) else { throw failure(.invalidLength(length)) }
        let offset = try take(length)
        let text = bytes.extracting(offset..<offset + length).withUnsafeBytes { buffer in
            String(validating: buffer, as: UTF8.self)
        }
        guard let text else { throw WireError(.invalidUTF8, at: offset) }
        value = text
    }

    public mutating func field(_ value: inout [UInt8]) throws(WireError) {
        var optional: [UInt8]?
        try field(&optional)
        value = try required(optional)
    }

    public mutating func field(_ value: inout [UInt8]?) throws(WireError) {
        guard let length = try length(compact: isFlexible) else { return value = nil }
        value = try take(bytes: length)
    }

    public mutating func field(_ value: inout RecordsReference?) throws(WireError) {
        guard let length = try length(compact: isFlexible) else { return value = nil }
        value = RecordsReference(offset: try take(length), count: length)
    }

    /// The next `count` bytes, copied.
    public mutating func take(bytes count: Int) throws(WireError) -> [UInt8] {
        let offset = try take(count)
        return bytes.extracting(offset..<offset + count).withUnsafeBytes { [UInt8]($0) }
    }

    /// The next `count` bytes, where they lie.
    @_lifetime(copy self)
    public mutating func take(span count: Int) throws(WireError) -> RawSpan {
        let offset = try take(count)
        return bytes.extracting(offset..<offset + count)
    }

    public mutating func array<Element>(
        _ value: inout [Element], new: @autoclosure () -> Element,
        element: (inout Self, inout Element) throws(WireError) -> Void
    ) throws(WireError) {
        var optional: [Element]?
        try array(&optional, new: new(), element: element)
        value = try required(optional)
    }

    public mutating func array<Element>(
        _ value: inout [Element]?, new: @autoclosure () -> Element,
        element: (inout Self, inout Element) throws(WireError) -> Void
    ) throws(WireError) {
        guard let count = try length(compact: isFlexible) else { return value = nil }
        // Each element takes a byte at least, so a length beyond the bytes is a lie: no memory is given to it.
        guard count <= remaining else { throw failure(.truncated(needed: count, available: remaining)) }
        var elements: [Element] = []
        for _ in 0..<count {
            var next = new()
            try element(&self, &next)
            elements.append(next)
        }
        value = elements
    }

    public mutating func nullable<Value: WireStruct>(_ value: inout Value?) throws(WireError) {
        guard try integer(Int8.self) >= 0 else { return value = nil }
        var present = Value()
        try field(&present)
        value = present
    }

    public mutating func tag(
        _ number: UInt32, isDefault: Bool, code: (inout Self) throws(WireError) -> Void
    ) throws(WireError) {
        guard wantedTag == number else { return }
        wantedTag = nil
        try code(&self)
    }

    public mutating func tagSection<Value: WireStruct>(of value: inout Value) throws(WireError) {
        guard isFlexible else { return }
        var previous: UInt32?
        for _ in 0..<(try unsignedVarint()) {
            let number = try unsignedVarint()
            if let previous, number <= previous { throw failure(.duplicateTag(number)) }
            previous = number
            let size = Int(try unsignedVarint())
            guard size <= remaining else { throw failure(.truncated(needed: size, available: remaining)) }
            let outerEnd = end
            end = position + size
            wantedTag = number
            try value.codeTags(&self)
            if wantedTag != nil {
                // A tag of a later version: its bytes are passed over.
                wantedTag = nil
                position = end
            }
            try finish()
            end = outerEnd
        }
    }

    /// Throws if bytes are left over.
    public func finish() throws(WireError) {
        if remaining > 0 { throw failure(.trailingBytes(remaining)) }
    }
}
