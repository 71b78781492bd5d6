/// One direction of the protocol: a `WireReader` fills the fields that it is shown, a `WireWriter` writes them.
///
/// A message states its fields once, in order, and both directions follow from that (see `WireStruct`).
public protocol FieldCoder: ~Copyable, ~Escapable {
    /// The version of the message.
    var version: Int16 { get }
    /// Whether this version has compact lengths and tagged fields (KIP-482).
    var isFlexible: Bool { get }
    /// How many bytes have been read or written.
    var position: Int { get }

    mutating func field(_ value: inout Bool) throws(WireError)
    mutating func field(_ value: inout Int8) throws(WireError)
    mutating func field(_ value: inout Int16) throws(WireError)
    mutating func field(_ value: inout Int32) throws(WireError)
    mutating func field(_ value: inout Int64) throws(WireError)
    mutating func field(_ value: inout KafkaUUID) throws(WireError)
    mutating func field(_ value: inout String) throws(WireError)
    /// A string with the two-byte length of the first versions if not `compact`, whatever the version.
    mutating func field(_ value: inout String?, compact: Bool) throws(WireError)
    mutating func field(_ value: inout [UInt8]) throws(WireError)
    mutating func field(_ value: inout [UInt8]?) throws(WireError)
    mutating func field(_ value: inout RecordsReference?) throws(WireError)

    /// An array whose elements `element` codes one by one.
    mutating func array<Element>(
        _ value: inout [Element], new: @autoclosure () -> Element,
        element: (inout Self, inout Element) throws(WireError) -> Void
    ) throws(WireError)
    /// An array that may be null.
    mutating func array<Element>(
        _ value: inout [Element]?, new: @autoclosure () -> Element,
        element: (inout Self, inout Element) throws(WireError) -> Void
    ) throws(WireError)

    /// A structure that may be null: a byte, −1 for null, then the fields.
    mutating func nullable<Value: WireStruct>(_ value: inout Value?) throws(WireError)

    /// A tagged field, shown by `WireStruct.codeTags`; not written when it `isDefault`.
    mutating func tag(
        _ number: UInt32, isDefault: Bool, code: (inout Self) throws(WireError) -> Void
    ) throws(WireError)
    /// Ends a structure: in flexible versions the section of tagged fields, else nothing.
    mutating func tagSection<Value: WireStruct>(of value: inout Value) throws(WireError)
}

// Fields made of other fields.
extension FieldCoder where Self: ~Copyable & ~Escapable {
    public mutating func field<Value: WireStruct>(_ value: inout Value) throws(WireError) {
        try value.code(&self)
        try tagSection(of: &value)
    }

    public mutating func field(_ value: inout ErrorCode) throws(WireError) {
        var code = value.rawValue
        try field(&code)
        value = ErrorCode(rawValue: code)
    }

    public mutating func field<Element: WireStruct>(_ value: inout [Element]) throws(WireError) {
        try array(&value, new: Element()) { (coder, element) throws(WireError) in try coder.field(&element) }
    }

    public mutating func field<Element: WireStruct>(_ value: inout [Element]?) throws(WireError) {
        try array(&value, new: Element()) { (coder, element) throws(WireError) in try coder.field(&element) }
    }

    public mutating func field(_ value: inout [Int32]) throws(WireError) {
        try array(&value, new: 0) { (coder, element) throws(WireError) in try coder.field(&element) }
    }

    public mutating func field(_ value: inout [Int64]) throws(WireError) {
        try array(&value, new: 0) { (coder, element) throws(WireError) in try coder.field(&element) }
    }

    public mutating func field(_ value: inout [String]) throws(WireError) {
        try array(&value, new: "") { (coder, element) throws(WireError) in try coder.field(&element) }
    }

    public mutating func field(_ value: inout [KafkaUUID]) throws(WireError) {
        try array(&value, new: .zero) { (coder, element) throws(WireError) in try coder.field(&element) }
    }

    public mutating func field(_ value: inout String?) throws(WireError) {
        try field(&value, compact: isFlexible)
    }

    /// A string that may be null from a version on; before it, null is an error.
    public mutating func field(_ value: inout String?, nullableFrom first: Int16) throws(WireError) {
        try field(&value)
        if value == nil, version < first { throw WireError(.nullNotAllowed, at: position) }
    }

    /// An array that may be null from a version on; before it, null is an error.
    public mutating func field<Element: WireStruct>(
        _ value: inout [Element]?, nullableFrom first: Int16
    ) throws(WireError) {
        try field(&value)
        if value == nil, version < first { throw WireError(.nullNotAllowed, at: position) }
    }
}

// Tagged fields: each is written only where it differs from the protocol's default.
extension FieldCoder where Self: ~Copyable & ~Escapable {
    public mutating func tag(_ number: UInt32, _ value: inout Bool) throws(WireError) {
        try tag(number, isDefault: !value) { (coder) throws(WireError) in try coder.field(&value) }
    }

    public mutating func tag(_ number: UInt32, _ value: inout ErrorCode) throws(WireError) {
        try tag(number, isDefault: value == .none) { (coder) throws(WireError) in try coder.field(&value) }
    }

    public mutating func tag(_ number: UInt32, _ value: inout KafkaUUID) throws(WireError) {
        try tag(number, isDefault: value == .zero) { (coder) throws(WireError) in try coder.field(&value) }
    }

    public mutating func tag(_ number: UInt32, _ value: inout Int64, default: Int64) throws(WireError) {
        try tag(number, isDefault: value == `default`) { (coder) throws(WireError) in try coder.field(&value) }
    }

    /// A string whose default is null.
    public mutating func tag(_ number: UInt32, _ value: inout String?) throws(WireError) {
        try tag(number, isDefault: value == nil) { (coder) throws(WireError) in try coder.field(&value) }
    }

    /// An array whose default is empty.
    public mutating func tag<Element: WireStruct>(_ number: UInt32, _ value: inout [Element]) throws(WireError) {
        try tag(number, isDefault: value.isEmpty) { (coder) throws(WireError) in try coder.field(&value) }
    }

    /// A structure whose default has the default in each field.
    public mutating func tag<Value: WireStruct>(_ number: UInt32, _ value: inout Value) throws(WireError) {
        try tag(number, isDefault: value == Value()) { (coder) throws(WireError) in try coder.field(&value) }
    }
}
