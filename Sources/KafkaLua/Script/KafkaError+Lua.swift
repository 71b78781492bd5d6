import KafkaProducer
import LuaRuntime

extension LuaWriter {
    /// An operational failure as scripts see it: a table that prints as its message.
    mutating func append(_ error: KafkaError, metatable: LuaReference?) {
        appendTable(fields: 6, metatable: metatable) { writer in
            writer.field("name", error.name)
            writer.field("code", Int(error.code.rawValue))
            writer.field("message", error.message)
            writer.field("retriable", error.isRetriable)
            writer.field("fatal", error.isFatal)
            writer.field("abortable", error.isAbortable)
        }
    }

    /// Where a record lies.
    mutating func append(_ metadata: RecordMetadata) {
        appendTable(fields: 7) { writer in
            writer.field("topic", metadata.topic)
            writer.field("partition", Int(metadata.partition))
            writer.field("offset", metadata.offset)
            writer.field("timestamp", metadata.timestamp)
            writer.field("key_size", Int(metadata.serializedKeySize))
            writer.field("value_size", Int(metadata.serializedValueSize))
            // Of the partitioner that chose the partition; 0 before the first plugin.
            if metadata.generation >= 0 { writer.field("generation", metadata.generation) }
        }
    }
}
