import Foundation
import Testing

@testable import KafkaProducer

/// Puts the time in milliseconds before each value, and counts successes and failures.
final class TimePrefixInterceptor: ProducerInterceptor {
    let outcomes = Log<Bool>()

    func onSend(_ record: ProducerRecord<String, String>) -> ProducerRecord<String, String> {
        var record = record
        record.value = "\(Int64(Date().timeIntervalSince1970 * 1000)),\(record.value ?? "")"
        return record
    }

    func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?) { outcomes.append(error == nil) }
}

@Suite struct TimePrefixExample {
    @Test func eachValueBeginsWithTheTime() throws {
        let broker = try Broker()
        let interceptor = TimePrefixInterceptor()
        let producer = try broker.producer(interceptors: [interceptor])
        let before = Int64(Date().timeIntervalSince1970 * 1000)
        for number in 0..<10 { try producer.send(ProducerRecord(topic: "t", partition: 0, value: "message \(number)")) }
        try producer.close()
        let parts = try broker.texts("t").map { ($0.value ?? "").split(separator: ",") }
        #expect(parts.map { $0.last.map(String.init) } == (0..<10).map { "message \($0)" })
        #expect(parts.allSatisfy { $0.first.flatMap { Int64($0) }.map { $0 >= before } == true })
        #expect(interceptor.outcomes.entries == Array(repeating: true, count: 10))
    }
}
