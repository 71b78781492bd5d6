import Testing

@testable import KafkaProducer

@Suite struct WayOfARecordTests {
    let broker: Broker
    let log = Log<String>()

    init() throws { broker = try Broker() }

    @Test("1.1 Interceptors, key, value and partitioner come in this order, on the caller's thread")
    func theStagesComeInOrder() throws {
        let caller = CurrentThread()
        let note: @Sendable (String) -> Void = { [log] stage in
            log.append(CurrentThread() == caller ? stage : "\(stage) on another thread")
        }
        var configuration = try broker.configuration()
        configuration.partitioner = .custom(NotingPartitioner(note: note))
        let producer = try Producer(
            configuration, keySerializer: noting("key", note), valueSerializer: noting("value", note),
            interceptors: [NotingInterceptor(note: note)])
        try producer.send(ProducerRecord(topic: "t", key: "k", value: "v")).get()
        #expect(log.entries == ["onSend", "key", "value", "partition"])
        try producer.close()
    }

    @Test("1.7 A serializer's failure is thrown by send, and nothing is sent", arguments: ["key", "value"])
    func aSerializerThatFails(part: String) throws {
        struct Failure: Error {}
        let failing = Serializer<String>(name: "failing") { text, _, _ in
            if text == "bad" { throw Failure() }
            return Array(text.utf8)
        }
        let told = Log<Witness.Told>()
        let producer = try Producer(broker.configuration(), keySerializer: failing, valueSerializer: failing)
        let bad = ProducerRecord<String, String>(
            topic: "t", partition: 0, key: part == "key" ? "bad" : "k", value: part == "value" ? "bad" : "v")
        let error = #expect(throws: KafkaError.self) {
            try producer.send(bad, onCompletion: Witness.callback(told))
        }
        #expect(error?.kind == .serialization)
        #expect(error?.message.contains("topic 't'") == true)
        try producer.send(ProducerRecord(topic: "t", partition: 0, key: "good", value: "v")).get()
        try producer.close()
        #expect(told.entries == [])
        #expect(try broker.texts("t").map(\.key) == ["good"])
    }

    @Test("1.9 The key is serialized first, and the value's serializer sees the headers that it added")
    func serializersAddHeaders() throws {
        func adding(_ name: String) -> Serializer<String> {
            Serializer(name: name) { text, _, headers in
                headers.add(name, headers.map(\.name).joined(separator: ","))
                return Array(text.utf8)
            }
        }
        let producer = try Producer(
            broker.configuration(), keySerializer: adding("key"), valueSerializer: adding("value"))
        let headers: Headers = ["own": "1"]
        try producer.send(ProducerRecord(topic: "t", partition: 0, key: "k", value: "v", headers: headers)).get()
        try producer.close()
        let sent = try broker.records("t").first?.headers.map { header in
            "\(header.name)=\(String(decoding: header.value ?? [], as: UTF8.self))"
        }
        #expect(sent == ["own=1", "key=own", "value=own,key"])
    }

    @Test("1.8 Null is sent as null, and no serializer is asked about it")
    func nullIsNotSerialized() throws {
        let note: @Sendable (String) -> Void = { [log] stage in log.append(stage) }
        let producer = try Producer(
            broker.configuration(), keySerializer: noting("key", note), valueSerializer: noting("value", note))
        try producer.send(ProducerRecord(topic: "t", partition: 0, key: nil, value: nil)).get()
        try producer.close()
        #expect(log.entries == [])
        #expect(try broker.texts("t") == [Broker.Text(key: nil, value: nil)])
    }

    @Test("1.26 send throws for what is the caller's fault, and then runs no callback", arguments: Refusal.all)
    func whatIsThrown(refusal: Refusal) throws {
        let (witness, told) = (Witness(), Log<Witness.Told>())
        let producer = try broker.producer(interceptors: [witness])
        if refusal.isClosed { try producer.close() }
        let error = #expect(throws: KafkaError.self) {
            try producer.send(refusal.record, onCompletion: Witness.callback(told))
        }
        #expect(error?.kind == refusal.kind)
        #expect(told.entries == [])
        try producer.close()
    }

    @Test("1.27 Interceptors are told once of a record that send throws for", arguments: Refusal.all)
    func interceptorsAreToldOfWhatIsThrown(refusal: Refusal) throws {
        let witness = Witness()
        let producer = try broker.producer(interceptors: [witness])
        if refusal.isClosed { try producer.close() }
        _ = try? producer.send(refusal.record, onCompletion: nil)
        try producer.close()
        #expect(witness.told.entries.map(\.error?.kind) == [refusal.kind])
        #expect(
            witness.told.entries.map(\.metadata) == [
                RecordMetadata(topic: "t", partition: refusal.record.partition ?? -1)
            ])
    }

    /// What `send` throws for, but for serializers.
    struct Refusal: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var record: ProducerRecord<String, String>
        var kind: KafkaError.Kind
        var isClosed = false

        static let all = [
            Refusal(
                testDescription: "negative partition",
                record: ProducerRecord(topic: "t", partition: -1, value: "v"), kind: .illegalArgument),
            Refusal(
                testDescription: "negative timestamp",
                record: ProducerRecord(topic: "t", timestamp: -1, value: "v"), kind: .illegalArgument),
            Refusal(
                testDescription: "closed producer", record: ProducerRecord(topic: "t", value: "v"), kind: .closed,
                isClosed: true),
        ]
    }

    private func noting(_ stage: String, _ note: @escaping @Sendable (String) -> Void) -> Serializer<String> {
        Serializer(name: stage) { text, _, _ in
            note(stage)
            return Array(text.utf8)
        }
    }

    private struct NotingInterceptor: ProducerInterceptor {
        let note: @Sendable (String) -> Void

        func onSend(_ record: ProducerRecord<String, String>) -> ProducerRecord<String, String> {
            note("onSend")
            return record
        }
    }

    private final class NotingPartitioner: Partitioner {
        let note: @Sendable (String) -> Void

        init(note: @escaping @Sendable (String) -> Void) { self.note = note }

        func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) -> Int32? {
            note("partition")
            return nil
        }
    }
}
