import Testing

@testable import KafkaProducer

/// Two records in one transaction: money leaves one account and comes to another, or neither happens.
struct Bank {
    struct Overdrawn: Error, Equatable {
        var account: String
    }

    let producer: Producer<String, String>
    var balances: [String: Int]

    mutating func transfer(_ amount: Int, from source: String, to target: String) throws {
        try producer.withTransaction {
            try producer.send(ProducerRecord(topic: "transfers", key: source, value: "-\(amount)"))
            try producer.send(ProducerRecord(topic: "transfers", key: target, value: "+\(amount)"))
            // Whatever is thrown aborts: with read_committed nobody sees the two records above.
            guard balances[source, default: 0] >= amount else { throw Overdrawn(account: source) }
        }
        balances[source, default: 0] -= amount
        balances[target, default: 0] += amount
    }
}

@Suite struct TransferExample {
    @Test func transfersAreWholeOrNotThere() throws {
        let broker = try Broker()
        let producer: Producer<String, String> = try broker.producer(["transactional.id": "transfers"])
        try producer.initTransactions()
        var bank = Bank(producer: producer, balances: ["alice": 100])
        try bank.transfer(70, from: "alice", to: "bob")
        #expect(throws: Bank.Overdrawn(account: "alice")) { try bank.transfer(70, from: "alice", to: "bob") }
        try bank.transfer(20, from: "bob", to: "alice")
        try producer.close()
        #expect(try broker.committed("transfers") == ["alice -70", "bob +70", "bob -20", "alice +20"].sorted())
        #expect(bank.balances == ["alice": 50, "bob": 50])
    }
}
