import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct ProduceVerdictTests {
    struct Row: CustomTestStringConvertible {
        var code: ErrorCode
        var isIdempotent = true
        var isFirst = true
        var recordCount: Int32 = 1
        var verdict: ProduceVerdict

        var testDescription: String {
            "\(code), idempotent \(isIdempotent), first \(isFirst): \(verdict)"
        }
    }

    @Test(arguments: [
        Row(code: .none, verdict: .stored),
        Row(code: .duplicateSequenceNumber, verdict: .stored),
        Row(code: .duplicateSequenceNumber, isIdempotent: false, verdict: .stored),
        Row(code: .outOfOrderSequenceNumber, verdict: .renumber),
        Row(code: .outOfOrderSequenceNumber, isFirst: false, verdict: .retry),
        Row(code: .outOfOrderSequenceNumber, isIdempotent: false, verdict: .fail),
        Row(code: .unknownProducerId, verdict: .renumber),
        Row(code: .unknownProducerId, isFirst: false, verdict: .retry),
        Row(code: .unknownProducerId, isIdempotent: false, verdict: .fail),
        Row(code: .invalidProducerEpoch, verdict: .renumber),
        Row(code: .invalidProducerEpoch, isFirst: false, verdict: .retry),
        Row(code: .invalidProducerEpoch, isIdempotent: false, verdict: .fail),
        Row(code: .notLeaderOrFollower, verdict: .retry),
        Row(code: .leaderNotAvailable, verdict: .retry),
        Row(code: .unknownTopicOrPartition, verdict: .retry),
        Row(code: .unknownTopicId, verdict: .retry),
        Row(code: .requestTimedOut, verdict: .retry),
        Row(code: .notEnoughReplicas, verdict: .retry),
        Row(code: .notEnoughReplicasAfterAppend, verdict: .retry),
        Row(code: .corruptMessage, verdict: .retry),
        Row(code: .kafkaStorageError, verdict: .retry),
        Row(code: .messageTooLarge, verdict: .fail),
        Row(code: .messageTooLarge, recordCount: 2, verdict: .split),
        Row(code: .recordListTooLarge, recordCount: 2, verdict: .split),
        Row(code: .invalidRecord, verdict: .fail),
        Row(code: .topicAuthorizationFailed, verdict: .fail),
        Row(code: .producerFenced, verdict: .fail),
        Row(code: ErrorCode(rawValue: 9999), verdict: .fail),
    ])
    func eachCodeMeans(row: Row) {
        let verdict = ProduceVerdict.of(
            row.code, isIdempotent: row.isIdempotent, isFirst: row.isFirst,
            recordCount: row.recordCount)
        #expect(verdict == row.verdict)
    }
}
