import KafkaProducer
import LuaRuntime
import NIOCore
import Synchronization

/// `tail(topic [, n [, {key_deserializer =, value_deserializer =}]])`: the last records of a topic, all partitions
/// together, oldest first.
struct TopicTail {
    private static let defaultCount: Int64 = 10
    private let topic: String
    private let count: Int64
    private var keyDeserializer: ScriptDeserializer?
    private var valueDeserializer: ScriptDeserializer?

    init(_ arguments: borrowing LuaFrame, _ environment: ScriptEnvironment) throws {
        topic = try arguments.string(arguments[1])
        count = arguments.isNil(arguments[2]) ? Self.defaultCount : try arguments.integer(arguments[2])
        guard (1...100_000).contains(count) else {
            throw arguments.invalid(arguments[2], "the number of records is from 1 to 100000")
        }
        if !arguments.isNil(arguments[3]) {
            let (key, value) = (
                try arguments.field("key_deserializer", of: arguments[3]),
                try arguments.field("value_deserializer", of: arguments[3])
            )
            keyDeserializer = try ScriptDeserializer(key, in: arguments, environment)
            valueDeserializer = try ScriptDeserializer(value, in: arguments, environment)
        }
    }

    /// Writes the list, or nil and the error. Callbacks run while it is read.
    func run(to results: inout LuaWriter, in environment: ScriptEnvironment) throws {
        do {
            let records = try Self.waiting(in: environment) { [topic, count] configuration in
                try await Self.read(topic, count, configuration)
            }
            let read = try records.map { record in
                ReadRecord(
                    record: record, key: try field(record.key, keyDeserializer, in: environment),
                    value: try field(record.value, valueDeserializer, in: environment))
            }
            results.appendTable(items: read.count) { writer in
                for (index, record) in read.enumerated() {
                    writer.append(index + 1)
                    writer.append(record, null: environment.classes.nullValue)
                }
            }
        } catch let error as KafkaError {
            results.appendFailure(error, environment)
        }
    }

    /// A key or a value as it is shown.
    fileprivate enum Field {
        case null
        case bytes([UInt8])
        case value(LuaReference?)
        /// Bytes that the deserializer did not take, and why.
        case failed([UInt8], LuaError)
    }

    fileprivate struct ReadRecord {
        var record: ConsumedRecord
        var key: Field
        var value: Field
    }

    private func field(
        _ bytes: [UInt8]?, _ deserializer: ScriptDeserializer?, in environment: ScriptEnvironment
    ) throws(LuaError) -> Field {
        guard let bytes else { return .null }
        guard let deserializer else { return .bytes(bytes) }
        switch try deserializer.value(of: bytes, topic: topic, in: environment.state) {
        case .success(let value): return .value(value)
        case .failure(let error): return .failed(bytes, error)
        }
    }

    /// Writes the names of all topics, sorted, or nil and the error.
    static func writeTopicNames(to results: inout LuaWriter, in environment: ScriptEnvironment) throws {
        do {
            let names = try waiting(in: environment) { configuration in
                try await TopicReader.topicNames(configuration)
            }
            results.appendTable(items: names.count) { writer in
                for (index, name) in names.enumerated() {
                    writer.append(index + 1)
                    writer.append(name)
                }
            }
        } catch let error as KafkaError {
            results.appendFailure(error, environment)
        }
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
    fileprivate mutating func append(_ read: TopicTail.ReadRecord, null: LuaReference) {
        let record = read.record
        appendTable(fields: 7) { writer in
            writer.field("topic", record.topic)
            writer.field("partition", Int(record.partition))
            writer.field("offset", record.offset)
            writer.field("timestamp", record.timestamp)
            writer.append(read.key, named: "key", error: "key_error", null: nil)
            writer.append(read.value, named: "value", error: "value_error", null: null)
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

    /// What cannot be read stays as its bytes, beside an error.
    private mutating func append(
        _ field: TopicTail.Field, named name: StaticString, error: StaticString, null: LuaReference?
    ) {
        switch field {
        case .null:
            guard let null else { return }
            append(literal: name)
            append(null)
        case .value(nil): break
        case .value(let value?):
            append(literal: name)
            append(value)
        case .bytes(let bytes):
            append(literal: name)
            append(bytes)
        case .failed(let bytes, let failure):
            append(literal: name)
            append(bytes)
            self.field(error, failure.description)
        }
    }
}
