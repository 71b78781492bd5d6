import KafkaProducer
import LuaRuntime

extension LuaWriter {
    /// A producer's metrics by name, with those of each topic in `topics` and of each node in `nodes`. Averages and
    /// maxima of nothing are left out, so that they read as nil. Roles that plugins have played have metrics of their
    /// own.
    mutating func append(_ metrics: ProducerMetrics, plugins: [PluginSlot]) {
        appendTable(fields: metrics.producer.count + 12) { writer in
            writer.field("client_id", metrics.clientId)
            for slot in plugins {
                writer.append("\(slot.role.rawValue)-generation")
                writer.append(slot.generation)
                guard slot.generation > 0 else { continue }
                writer.append("\(slot.role.rawValue)-error-total")
                writer.append(slot.failureCount)
                writer.append("\(slot.role.rawValue)-rollback-total")
                writer.append(slot.rollbackCount)
            }
            writer.append(fieldsOf: metrics.producer)
            writer.append(literal: "topics")
            writer.appendTable(fields: metrics.topics.count) { writer in
                for (name, group) in metrics.topics {
                    writer.append(name)
                    writer.append(group)
                }
            }
            writer.append(literal: "nodes")
            writer.appendTable(fields: metrics.nodes.count) { writer in
                for (id, group) in metrics.nodes {
                    writer.append(id)
                    writer.append(group)
                }
            }
        }
    }

    private mutating func append(_ group: MetricGroup) {
        appendTable(fields: group.count) { writer in writer.append(fieldsOf: group) }
    }

    private mutating func append(fieldsOf group: MetricGroup) {
        for metric in group {
            guard let value = metric.value else { continue }
            append(metric.name)
            // Counts are integers, as far as Lua's have the room.
            if metric.description.unit == .count, let count = Int64(exactly: value) {
                append(count)
            } else {
                append(value)
            }
        }
    }
}
