import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct KafkaErrorTests {
    struct Row: CustomTestStringConvertible {
        var code: ErrorCode
        var name: String
        var isRetriable = false
        var isAbortable = false
        var isFatal = false

        var testDescription: String { name }
    }

    @Test(
        "5.14 A broker's error says its name and what may be done about it",
        arguments: [
            Row(code: .notLeaderOrFollower, name: "NOT_LEADER_OR_FOLLOWER", isRetriable: true),
            Row(code: .requestTimedOut, name: "REQUEST_TIMED_OUT", isRetriable: true),
            Row(code: .messageTooLarge, name: "MESSAGE_TOO_LARGE"),
            Row(code: .transactionAbortable, name: "TRANSACTION_ABORTABLE", isAbortable: true),
            Row(code: .producerFenced, name: "PRODUCER_FENCED", isFatal: true),
            Row(code: .clusterAuthorizationFailed, name: "CLUSTER_AUTHORIZATION_FAILED", isFatal: true),
        ])
    func brokerError(row: Row) {
        let error = KafkaError(row.code, "orders-1")
        #expect(error.code == row.code && error.kind == .broker)
        #expect(error.name == row.name)
        #expect(error.message.hasPrefix("orders-1: "))
        #expect(error.isRetriable == row.isRetriable)
        #expect(error.isAbortable == row.isAbortable)
        #expect(error.isFatal == row.isFatal)
    }

    @Test("5.14 So does an error of the client's", arguments: KafkaError.Kind.allCases.filter { $0 != .broker })
    func clientError(kind: KafkaError.Kind) {
        let error = KafkaError(kind, "what happened")
        #expect(error.name == kind.rawValue)
        #expect(error.isRetriable == [.timeout, .bufferExhausted, .network].contains(kind))
        #expect(!error.isFatal && !error.isAbortable)
        #expect("\(error)" == "\(kind.rawValue): what happened")
    }
}
