/// A part of a message: its fields in the order in which the wire has them.
public protocol WireStruct: Equatable, Sendable {
    /// Either direction of the protocol.
    typealias Coder = FieldCoder & ~Copyable & ~Escapable

    /// A value with the protocol's default in each field.
    init()
    /// Shows each field of `coder.version` to the coder.
    mutating func code(_ coder: inout some Coder) throws(WireError)
    /// Shows the tagged fields, by `FieldCoder.tag`.
    mutating func codeTags(_ coder: inout some Coder) throws(WireError)
}

extension WireStruct {
    public mutating func codeTags(_ coder: inout some Coder) throws(WireError) {}

    /// A value with the protocol's defaults, then changed by `fill`.
    public init(_ fill: (inout Self) -> Void) {
        self.init()
        fill(&self)
    }

    /// Reads a value that `bytes` begin with.
    /// - Returns: The value, and how many bytes it took.
    /// - Throws: `WireError` with the position at which reading stopped.
    // As in `Message.encode(version:)`: what comes and goes with each batch has code of its own.
    @_specialize(where Self == ProduceRequest)
    @_specialize(where Self == ProduceResponse)
    public static func decode(
        prefixOf bytes: RawSpan, version: Int16, isFlexible: Bool
    ) throws(WireError) -> (value: Self, count: Int) {
        var reader = WireReader(bytes, version: version, isFlexible: isFlexible)
        var value = Self()
        try reader.field(&value)
        return (value, reader.position)
    }

    /// Writes the value into a writer of its own.
    /// - Throws: `WireError` if a field does not fit its type on the wire.
    public func encode(version: Int16, isFlexible: Bool) throws(WireError) -> WireWriter {
        var writer = WireWriter(version: version, isFlexible: isFlexible)
        var value = self
        try writer.field(&value)
        return writer
    }
}
