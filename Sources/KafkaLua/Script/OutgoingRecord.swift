import KafkaProducer
import LuaRuntime

/// A record as a script hands it to `send`: bytes that Lua holds for the length of the call.
struct OutgoingRecord {
    var topic: UnsafeRawBufferPointer
    var key: UnsafeRawBufferPointer?
    var value: UnsafeRawBufferPointer?
    var headers = Headers()
    var partition: Int32?
    var timestamp: Int64?
    /// What holds bytes that were made here, such as JSON.
    private var owned: [OwnedBytes] = []

    /// Lends the record with its headers encoded.
    func withHeaders<Result>(_ body: (RecordBytes) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(owned) {
            try headers.withEncoded { encoded in
                try body(
                    RecordBytes(
                        key: key, value: value, headers: encoded, timestamp: timestamp ?? WallClock.milliseconds))
            }
        }
    }

    /// Reads `send(topic, key, value [, callback])`.
    init(positional arguments: borrowing LuaFrame, _ producer: ScriptProducer, _ environment: ScriptEnvironment) throws
    {
        topic = try arguments.unsafeBytes(arguments[1])
        try checkTopic(arguments[1], arguments)
        key = try bytes(arguments[2], producer.keySerializer, isKey: true, arguments, environment)
        value = try bytes(arguments[3], producer.valueSerializer, isKey: false, arguments, environment)
    }

    /// Reads `send{ topic =, key =, value =, headers =, partition =, timestamp = }`.
    init(
        table arguments: borrowing LuaFrame, _ producer: ScriptProducer, _ environment: ScriptEnvironment
    ) throws {
        let table = arguments[1]
        let topicField = try arguments.field("topic", of: table)
        topic = try arguments.unsafeBytes(topicField)
        try checkTopic(topicField, arguments)
        key = try bytes(
            try arguments.field("key", of: table), producer.keySerializer, isKey: true, arguments, environment)
        value = try bytes(
            try arguments.field("value", of: table), producer.valueSerializer, isKey: false, arguments, environment)
        let partitionField = try arguments.field("partition", of: table)
        if !arguments.isNil(partitionField) {
            guard let number = Int32(exactly: try arguments.integer(partitionField)), number >= 0 else {
                throw arguments.invalid(partitionField, "a partition counts from 0")
            }
            partition = number
        }
        let timestampField = try arguments.field("timestamp", of: table)
        if !arguments.isNil(timestampField) {
            timestamp = try arguments.integer(timestampField)
            if let timestamp, timestamp < 0 {
                throw arguments.invalid(timestampField, "a timestamp is milliseconds since 1970")
            }
        }
        let headersField = try arguments.field("headers", of: table)
        if !arguments.isNil(headersField) {
            headers = try Headers(headersField, in: arguments, environment.classes)
        }
    }

    private func checkTopic(_ slot: LuaSlot, _ arguments: borrowing LuaFrame) throws {
        if topic.isEmpty { throw arguments.invalid(slot, "a topic's name must not be empty") }
    }

    private mutating func bytes(
        _ slot: LuaSlot, _ serializer: ScriptSerializer, isKey: Bool, _ arguments: borrowing LuaFrame,
        _ environment: ScriptEnvironment
    ) throws -> UnsafeRawBufferPointer? {
        if arguments.isNil(slot) {
            if isKey { return nil }
            throw arguments.mismatch(slot, "string (or kafka.null for a tombstone)")
        }
        if arguments.object(slot, KafkaNull.self) != nil { return nil }
        guard serializer == .json else { return try arguments.unsafeBytes(slot) }
        let text = OwnedBytes(try LuaJSON.encode(slot, in: arguments, environment.classes))
        owned.append(text)
        return text.buffer
    }
}

/// Bytes that stay where they are until nobody needs them.
private final class OwnedBytes {
    let buffer: UnsafeRawBufferPointer

    init(_ bytes: [UInt8]) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        memory.copyBytes(from: bytes)
        buffer = UnsafeRawBufferPointer(memory)
    }

    deinit { buffer.deallocate() }
}

extension Headers {
    /// Reads a map of names and values, or a list of pairs, which keeps order and duplicates.
    init(_ slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses) throws(LuaError) {
        self.init()
        var headers = Headers()
        if try frame.itemCount(slot) > 0 {
            for number in 1...(try frame.itemCount(slot)) {
                try frame.scoped { () throws(LuaError) in
                    let pair = try frame.item(number, of: slot)
                    let name = try frame.item(1, of: pair)
                    headers.add(try frame.string(name), bytes: try Self.value(try frame.item(2, of: pair), frame))
                }
            }
        } else {
            try frame.forEach(of: slot) { (name, value) throws(LuaError) in
                headers.add(try frame.string(name), bytes: try Self.value(value, frame))
                return true
            }
            // A table has no order: sorted, the same headers give the same bytes.
            headers.sort { $0.name < $1.name }
        }
        self = headers
    }

    private static func value(_ slot: LuaSlot, _ frame: borrowing LuaFrame) throws(LuaError) -> [UInt8]? {
        if frame.isNil(slot) || frame.object(slot, KafkaNull.self) != nil { return nil }
        return Array(try frame.unsafeBytes(slot))
    }
}
