import KafkaProducer
import LuaRuntime

/// A record as a script hands it to `send`: bytes that Lua holds for the length of the call.
struct OutgoingRecord: ~Copyable {
    var topic = UnsafeRawBufferPointer(start: nil, count: 0)
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

    /// Lends the record to interceptors.
    func withIntercepted<Result>(_ body: (inout InterceptedRecord) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(owned) {
            var record = InterceptedRecord(
                LuaRecord(
                    topic: topic, key: key, value: value, headers: headers, timestamp: timestamp,
                    partition: partition))
            return try body(&record)
        }
    }

    /// Reads `send(topic, key, value [, callback])`.
    init(positional arguments: borrowing LuaFrame, _ producer: ScriptProducer, _ environment: ScriptEnvironment) throws
    {
        topic = try arguments.unsafeBytes(arguments[1])
        try checkTopic(arguments[1], arguments)
        let scope = SerializerScope(topic: arguments[1], headers: nil)
        key = try bytes(arguments[2], producer.keySerializer, isKey: true, scope, arguments, environment)
        if producer.plugins.serializes {
            value = try bytes(arguments[3], by: producer, scope, arguments, environment)
        } else {
            value = try bytes(arguments[3], producer.valueSerializer, isKey: false, scope, arguments, environment)
        }
    }

    /// What `ScriptProducer.call(_:)` reads of a table, and the rest of what is read here.
    static let stringFields = LuaStringFields(
        "topic", "key", "value", butNot: "headers", "partition", "timestamp")

    /// Reads `send{ topic =, key =, value =, headers =, partition =, timestamp = }`.
    init(
        table arguments: borrowing LuaFrame, _ producer: ScriptProducer, _ environment: ScriptEnvironment
    ) throws {
        let table = arguments[1]
        let topicField = try arguments.field("topic", of: table)
        topic = try arguments.unsafeBytes(topicField)
        try checkTopic(topicField, arguments)
        let headersField = try arguments.field("headers", of: table)
        let scope = SerializerScope(topic: topicField, headers: headersField)
        key = try bytes(
            try arguments.field("key", of: table), producer.keySerializer, isKey: true, scope, arguments, environment)
        let valueField = try arguments.field("value", of: table)
        let isPlain = !producer.plugins.serializes
        if isPlain {
            value = try bytes(valueField, producer.valueSerializer, isKey: false, scope, arguments, environment)
        }
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
            if let timestamp {
                if timestamp < 0 {
                    throw arguments.invalid(timestampField, "a timestamp is milliseconds since 1970")
                }
                producer.noteTimestamp(timestamp, environment.options.logger)
            }
        }
        if !arguments.isNil(headersField) {
            headers = try Headers(headersField, in: arguments, environment.classes)
        }
        // A plugin may add to the headers.
        if !isPlain { value = try bytes(valueField, by: producer, scope, arguments, environment) }
    }

    /// The value as the serializer's plugin makes it.
    private mutating func bytes(
        _ slot: LuaSlot, by producer: ScriptProducer, _ scope: SerializerScope, _ arguments: borrowing LuaFrame,
        _ environment: ScriptEnvironment
    ) throws -> UnsafeRawBufferPointer? {
        if arguments.isNil(slot) { throw arguments.mismatch(slot, "value (or kafka.null for a tombstone)") }
        if arguments.object(slot, KafkaNull.self) != nil { return nil }
        guard
            let result = try producer.plugins.serializer.serialize(
                topic: String(decoding: topic, as: UTF8.self), try arguments.value(slot), headers)
        else { return try bytes(slot, producer.valueSerializer, isKey: false, scope, arguments, environment) }
        headers = result.headers
        guard let bytes = result.bytes else { return nil }
        let kept = OwnedBytes(bytes)
        owned.append(kept)
        return kept.buffer
    }

    private func checkTopic(_ slot: LuaSlot, _ arguments: borrowing LuaFrame) throws {
        if topic.isEmpty { throw arguments.invalid(slot, "a topic's name must not be empty") }
    }

    private mutating func bytes(
        _ slot: LuaSlot, _ serializer: ScriptSerializer, isKey: Bool, _ scope: SerializerScope,
        _ arguments: borrowing LuaFrame, _ environment: ScriptEnvironment
    ) throws -> UnsafeRawBufferPointer? {
        if arguments.isNil(slot) {
            if isKey { return nil }
            throw arguments.mismatch(slot, "string (or kafka.null for a tombstone)")
        }
        if arguments.object(slot, KafkaNull.self) != nil { return nil }
        // Strings are lent as they are.
        if serializer.takesBytes {
            do throws(LuaError) { return try arguments.unsafeBytes(slot) } catch {
                throw error.with(
                    advice: "other types need a serializer, as in \(isKey ? "key" : "value")_serializer = 'json'")
            }
        }
        let serialized = try serializer.bytes(of: slot, scope, in: arguments, environment)
        guard let bytes = serialized.map(OwnedBytes.init) else { return nil }
        owned.append(bytes)
        return bytes.buffer
    }
}

extension LuaError {
    fileprivate func with(advice: String) -> LuaError {
        var error = self
        error.message += "; \(advice)"
        return error
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
        let count = try frame.itemCount(slot)
        var headers = Headers()
        for number in 0..<count {
            try frame.scoped { () throws(LuaError) in
                let pair = try frame.item(number + 1, of: slot)
                guard frame.type(pair) == .table else {
                    throw frame.invalid(slot, "item \(number + 1) must be {name, value}, got \(frame.typeName(pair))")
                }
                try headers.add(try frame.item(1, of: pair), try frame.item(2, of: pair), of: slot, in: frame)
            }
        }
        var named = Headers()
        try frame.forEach(of: slot) { (name, value) throws(LuaError) in
            let isItem = if let number = try? frame.integer(name) { number >= 1 && number <= count } else { false }
            if !isItem { try named.add(name, value, of: slot, in: frame) }
            return true
        }
        // A table has no order: sorted, the same headers give the same bytes.
        self = headers + named.sorted { $0.name < $1.name }
    }

    private mutating func add(
        _ name: LuaSlot, _ value: LuaSlot, of headers: LuaSlot, in frame: borrowing LuaFrame
    ) throws(LuaError) {
        guard frame.type(name) == .string else {
            throw frame.invalid(headers, "a header's name must be a string, got \(frame.typeName(name))")
        }
        let text = try frame.string(name)
        if frame.isNil(value) || frame.object(value, KafkaNull.self) != nil { return add(text, bytes: nil) }
        guard frame.type(value) == .string else {
            throw frame.invalid(
                headers, "header '\(text)' must be a string or kafka.null, got \(frame.typeName(value))")
        }
        add(text, bytes: Array(try frame.unsafeBytes(value)))
    }
}
