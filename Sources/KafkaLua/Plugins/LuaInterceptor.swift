public import KafkaProducer
import LuaRuntime

/// A type of keys or values that scripts see as a string of bytes.
public protocol LuaBytes: Sendable {
    init(luaBytes: [UInt8])
    var luaBytes: [UInt8] { get }
}

extension String: LuaBytes {
    /// Replaces what is not UTF-8.
    public init(luaBytes: [UInt8]) { self = String(decoding: luaBytes, as: UTF8.self) }
    public var luaBytes: [UInt8] { Array(utf8) }
}

extension [UInt8]: LuaBytes {
    public init(luaBytes: [UInt8]) { self = luaBytes }
    public var luaBytes: [UInt8] { self }
}

/// The hooks `on_send` and `on_ack` of a ``LuaScript``, for a producer.
public struct LuaInterceptor<Key: LuaBytes, Value: LuaBytes>: ProducerInterceptor {
    private let role: InterceptorRole

    init(_ role: InterceptorRole) { self.role = role }

    public var generation: Int { role.slot.pinned ?? role.slot.generation }

    public func onSend(_ record: ProducerRecord<Key, Value>) -> ProducerRecord<Key, Value> {
        // The other hooks of the record are those of the same version.
        let generation = role.slot.beginPinned()
        guard role.slot.plays(.onSend) else { return record }
        var topic = record.topic
        return topic.withUTF8 { topic in
            (record.key?.luaBytes).withOptionalBytes { key in
                (record.value?.luaBytes).withOptionalBytes { value in
                    var intercepted = InterceptedRecord(
                        LuaRecord(
                            topic: UnsafeRawBufferPointer(topic), key: key, value: value, headers: record.headers,
                            timestamp: record.timestamp, partition: record.partition))
                    role.onSend(&intercepted, generation)
                    return intercepted.isChanged ? Self.record(intercepted.seen) : record
                }
            }
        }
    }

    private static func record(_ seen: LuaRecord) -> ProducerRecord<Key, Value> {
        ProducerRecord(
            topic: String(decoding: seen.topic, as: UTF8.self), partition: seen.partition, timestamp: seen.timestamp,
            key: seen.key.map { Key(luaBytes: Array($0)) }, value: seen.value.map { Value(luaBytes: Array($0)) },
            headers: seen.headers)
    }

    public func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?, generation: Int) {
        role.acknowledge(metadata, error, generation)
    }
}
