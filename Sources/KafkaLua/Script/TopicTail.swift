import KafkaProducer
import LuaRuntime
import NIOCore
import Synchronization

/// `tail(topic [, n])`: the last records of a topic, all partitions together, oldest first.
struct TopicTail {
    private static let defaultCount: Int64 = 10
    private let topic: String
    private let count: Int64

    init(_ arguments: borrowing LuaFrame) throws(LuaError) {
        topic = try arguments.string(arguments[1])
        count = arguments.isNil(arguments[2]) ? Self.defaultCount : try arguments.integer(arguments[2])
        guard (1...100_000).contains(count) else {
            throw arguments.invalid(arguments[2], "the number of records is from 1 to 100000")
        }
    }

    /// Writes the list, or nil and the error. Callbacks run while it is read.
    func run(to results: inout LuaWriter, in environment: ScriptEnvironment) throws {
        do {
            let records = try Self.waiting(in: environment) { [topic, count] configuration in
                try await Self.read(topic, count, configuration)
            }
            results.appendTable(items: records.count) { writer in
                for (index, record) in records.enumerated() {
                    writer.append(index + 1)
                    writer.append(record, null: environment.classes.nullValue)
                }
            }
        } catch let error as KafkaError {
            results.appendFailure(error, environment)
        }
    }

    /// The names of all topics, sorted.
    static func topicNames(in environment: ScriptEnvironment) throws -> [String] {
        try waiting(in: environment) { configuration in try await TopicReader.topicNames(configuration) }
    }

    private static func read(
        _ topic: String, _ count: Int64, _ configuration: ProducerConfiguration
    ) async throws -> [ConsumedRecord] {
        let reader = TopicReader(configuration, topic: topic, from: .last(count))
        var records: [ConsumedRecord] = []
        repeat { records += try await reader.poll() } while await !reader.isAtEnd
        await reader.close()
        records.sort { ($0.timestamp, $0.partition, $0.offset) < ($1.timestamp, $1.partition, $1.offset) }
        return records.suffix(Int(count))
    }

    /// Runs asynchronous work while the script waits.
    private static func waiting<Value: Sendable>(
        in environment: ScriptEnvironment, _ body: @escaping @Sendable (ProducerConfiguration) async throws -> Value
    ) throws -> Value {
        let configuration = try ProducerSettings(properties: environment.options.properties).configuration()
        let outcome = Outcome<Value>()
        let task = Task {
            do { outcome.finish(.success(try await body(configuration))) } catch { outcome.finish(.failure(error)) }
        }
        defer { task.cancel() }
        _ = try environment.wait(for: outcome.latch, until: .distantFuture)
        return try outcome.result.get()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        let latch = Latch()
        private let value = Mutex<Result<Value, any Error>>(.failure(CancellationError()))

        var result: Result<Value, any Error> { value.withLock { $0 } }

        func finish(_ result: Result<Value, any Error>) {
            value.withLock { $0 = result }
            latch.open()
        }
    }
}

extension LuaWriter {
    fileprivate mutating func append(_ record: ConsumedRecord, null: LuaReference) {
        appendTable(fields: 7) { writer in
            writer.field("topic", record.topic)
            writer.field("partition", Int(record.partition))
            writer.field("offset", record.offset)
            writer.field("timestamp", record.timestamp)
            if let key = record.key {
                writer.append(literal: "key")
                writer.append(key)
            }
            writer.append(literal: "value")
            if let value = record.value { writer.append(value) } else { writer.append(null) }
            guard !record.headers.isEmpty else { return }
            writer.append(literal: "headers")
            writer.appendTable(items: record.headers.count) { writer in
                for (index, header) in record.headers.enumerated() {
                    writer.append(index + 1)
                    writer.appendTable(items: 2) { writer in
                        writer.append(1)
                        writer.append(header.name)
                        writer.append(2)
                        if let value = header.value { writer.append(value) } else { writer.append(null) }
                    }
                }
            }
        }
    }
}
