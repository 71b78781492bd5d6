import KafkaProducer
import Testing

@testable import KafkaLua
@testable import KafkaProducer

@Suite struct RememberedPartitionsTests {
    private let orders = Topic(name: "orders")

    /// nil if the key is too long.
    private func question(
        _ key: String?, to topic: Topic? = nil, among count: Int32 = 6
    ) -> RememberedPartitions.Question? {
        key.map { Array($0.utf8) }.withOptionalBytes { key in
            let bytes = RecordBytes(key: key, value: nil, timestamp: 0)
            return withUnsafePointer(to: Headers()) { headers in
                RememberedPartitions.Question(
                    SerializedRecord(bytes, topic: topic ?? orders, headers: headers), among: count)
            }
        }
    }

    private func remember(_ remembered: RememberedPartitions, _ partition: Int32?, _ key: String?) {
        if let question = question(key) { remembered.remember(partition, for: question) }
    }

    private func answer(
        _ remembered: RememberedPartitions, _ key: String?, to topic: Topic? = nil, among count: Int32 = 6
    ) -> RememberedPartitions.Answer {
        question(key, to: topic, among: count).map { remembered.answer(to: $0) } ?? .unknown
    }

    @Test func anAnswerHoldsForItsTopicKeyAndCount() {
        let remembered = RememberedPartitions()
        defer { remembered.deallocate() }
        remember(remembered, 3, "alice")
        remember(remembered, nil, "bob")
        #expect(answer(remembered, "alice") == .partition(3))
        #expect(answer(remembered, "bob") == .builtIn)
        #expect(answer(remembered, "alicf") == .unknown)
        #expect(answer(remembered, "alice", among: 7) == .unknown)
        // Another producer's topic of the same name may have other partitions.
        #expect(answer(remembered, "alice", to: Topic(name: "orders")) == .unknown)
    }

    @Test func noKeyAnEmptyOneAndZerosAreNotTheSame() {
        let remembered = RememberedPartitions()
        defer { remembered.deallocate() }
        for (place, key) in [nil, "", "\0", "\0\0"].enumerated() { remember(remembered, Int32(place), key) }
        for (place, key) in [nil, "", "\0", "\0\0"].enumerated() {
            #expect(answer(remembered, key) == .partition(Int32(place)))
        }
    }

    @Test(arguments: 0...RememberedPartitions.Question.longestKey + 1) func keysOfAnyLength(length: Int) {
        let remembered = RememberedPartitions()
        defer { remembered.deallocate() }
        let key = String(repeating: "k", count: length)
        remember(remembered, 1, key)
        #expect(
            answer(remembered, key) == (length <= RememberedPartitions.Question.longestKey ? .partition(1) : .unknown))
        // One that differs in its last byte only.
        #expect(answer(remembered, String(key.dropLast()) + "l") == .unknown)
    }

    @Test func thousandsOfKeysHaveRoomAndMillionsNoMoreThanThat() {
        let remembered = RememberedPartitions()
        defer { remembered.deallocate() }
        func known(of count: Int) -> Int {
            (0..<count).count { answer(remembered, "key-\($0)") == .partition(Int32($0 % 6)) }
        }
        // What more room has made it forget is taken down again.
        for _ in 0..<4 {
            for number in 0..<4_000 where answer(remembered, "key-\(number)") == .unknown {
                remember(remembered, Int32(number % 6), "key-\(number)")
            }
        }
        #expect(known(of: 4_000) > 3_600)
        for number in 0..<100_000 { remember(remembered, Int32(number % 6), "key-\(number)") }
        #expect((1...RememberedPartitions.mostKeys).contains(known(of: 100_000)))
        #expect(answer(remembered, "key-99999") == .partition(99_999 % 6))
    }
}
