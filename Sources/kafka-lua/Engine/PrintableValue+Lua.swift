import KafkaProducer
import LuaRuntime

extension PrintableValue {
    /// More than the printer shows, and no more than can be copied at once.
    private static let limits = LuaSnapshotLimits(depth: 8, items: 10_000)

    /// A result of Lua. Tables are copied as they are; what has no value of its own prints as Lua prints it.
    init(_ slot: LuaSlot, in frame: borrowing LuaFrame) throws(LuaError) {
        if frame.type(slot) == .table, frame.metatableAddress(of: slot) == nil {
            self.init(try frame.value(slot, limits: Self.limits))
        } else if [.table, .object, .function, .record, .other].contains(frame.type(slot)) {
            self = .opaque(try frame.description(slot))
        } else {
            self.init(try frame.value(slot, limits: Self.limits))
        }
    }

    init(_ value: LuaValue) {
        switch value {
        case .nil: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .string(let bytes): self = .string(bytes)
        case .table(let table): self = .table(PrintableTable(table))
        case .function: self = .opaque("function")
        case .reference: self = .opaque("value")
        case .other(let type, let address): self = .opaque("\(type): 0x\(String(address, radix: 16))")
        }
    }

    init(_ partition: PartitionDescription) {
        let offset = { (offset: Int64?) in offset.map { PrintableValue.integer($0) } ?? .null }
        let nodes = { (nodes: [Int32]) in PrintableValue.list(nodes.map { .integer(Int64($0)) }) }
        let records = partition.beginning.flatMap { start in partition.end.map { $0 - start } }
        self = .table(
            PrintableTable(fields: [
                .init(key: .string("partition"), value: .integer(Int64(partition.partition))),
                .init(key: .string("leader"), value: .integer(Int64(partition.leader))),
                .init(key: .string("replicas"), value: nodes(partition.replicas)),
                .init(key: .string("in_sync"), value: nodes(partition.inSyncReplicas)),
                .init(key: .string("beginning"), value: offset(partition.beginning)),
                .init(key: .string("end"), value: offset(partition.end)),
                .init(key: .string("records"), value: offset(records)),
            ]))
    }

    init(_ metadata: RecordMetadata) {
        self = .table(
            PrintableTable(fields: [
                .init(key: .string("topic"), value: .string(metadata.topic)),
                .init(key: .string("partition"), value: .integer(Int64(metadata.partition))),
                .init(key: .string("offset"), value: .integer(metadata.offset)),
                .init(key: .string("timestamp"), value: .integer(metadata.timestamp)),
            ]))
    }
}

extension PrintableTable {
    init(_ table: LuaTable) {
        var next: Int64 = 1
        for pair in table.pairs {
            if pair.key == .integer(next) {
                items.append(PrintableValue(pair.value))
                next += 1
            } else {
                fields.append(Field(key: PrintableValue(pair.key), value: PrintableValue(pair.value)))
            }
        }
        // Lua gives fields in the order of its hashing; people look for names.
        fields.sort { Self.order($0.key) < Self.order($1.key) }
        omitted = table.isTruncated ? 1 : 0
    }

    private static func order(_ key: PrintableValue) -> String {
        if case .string(let bytes) = key { String(decoding: bytes, as: UTF8.self) } else { "\(key)" }
    }
}
