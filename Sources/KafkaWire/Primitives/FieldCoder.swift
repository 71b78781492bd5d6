/// One direction of the protocol: a `WireReader` fills the fields that it is shown, a `WireWriter` writes them.
///
/// A message states its fields once, in order, and both directions follow from that (see `WireStruct`).
public protocol FieldCoder: ~Copyable, ~Escapable {
    /// The version of the message.
    var version: Int16 { get }
    /// Whether this version has compact lengths and tagged fields (KIP-482).
    var isFlexible: Bool { get }

    mutating func field(_ value: inout Bool) throws(WireError)
    mutating func field(_ value: inout Int8) throws(WireError)
    mutating func field(_ value: inout Int16) throws(WireError)
    mutating func field(_ value: inout Int32) throws(WireError)
    mutating func field(_ value: inout Int64) throws(WireError)
    mutating func field(_ value: inout KafkaUUID) throws(WireError)
    mutating func field(_ value: inout String) throws(WireError)
    mutating func field(_ value: inout String?) throws(WireError)
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

/// A part of a message: its fields in the order in which the wire has them.
public protocol WireStruct {
    /// A value with the protocol's default in each field.
    init()
    /// Shows each field of `coder.version` to the coder.
    mutating func code<Coder: FieldCoder & ~Copyable & ~Escapable>(_ coder: inout Coder) throws(WireError)
    /// Shows the tagged fields, by `FieldCoder.tag`.
    mutating func codeTags<Coder: FieldCoder & ~Copyable & ~Escapable>(_ coder: inout Coder) throws(WireError)
}

extension WireStruct {
    public mutating func codeTags<Coder: FieldCoder & ~Copyable & ~Escapable>(_ coder: inout Coder) throws(WireError) {}
}

extension FieldCoder where Self: ~Copyable & ~Escapable {
    public mutating func field<Value: WireStruct>(_ value: inout Value) throws(WireError) {
        try value.code(&self)
        try tagSection(of: &value)
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
}
