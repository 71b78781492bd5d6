import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct TransactionVerdictTests {
    struct Row: CustomTestStringConvertible {
        var code: ErrorCode
        /// Of FindCoordinator, InitProducerId, AddPartitionsToTxn, AddOffsetsToTxn, TxnOffsetCommit, EndTxn.
        var verdicts: [TransactionVerdict]
        var testDescription: String { code.name }

        init(_ code: ErrorCode, _ verdicts: TransactionVerdict...) {
            self.code = code
            self.verdicts = verdicts
        }
    }

    static let requests: [TransactionRequest] = [
        .findCoordinator(.transaction), .initProducerId, .addPartitions([TransactionTranscript.orders]),
        .addOffsets(TransactionTranscript.offsets), .commitOffsets(TransactionTranscript.offsets),
        .end(committed: true),
    ]

    @Test(
        "5.28 Each code of a coordinator is retriable, abortable or fatal, request by request",
        arguments: [
            Row(.none, .done, .done, .done, .done, .done, .done),
            Row(.coordinatorLoadInProgress, .retry, .retry, .retry, .retry, .retry, .retry),
            Row(
                .coordinatorNotAvailable, .retry, .findCoordinator, .findCoordinator, .findCoordinator,
                .findCoordinator, .findCoordinator),
            Row(
                .notCoordinator, .retry, .findCoordinator, .findCoordinator, .findCoordinator, .findCoordinator,
                .findCoordinator),
            Row(.requestTimedOut, .retry, .retry, .retry, .retry, .findCoordinator, .retry),
            Row(.concurrentTransactions, .retry, .retry, .retry, .retry, .retry, .retry),
            Row(.unknownTopicOrPartition, .retry, .retry, .retry, .retry, .retry, .retry),
            Row(.networkException, .retry, .retry, .retry, .retry, .retry, .retry),
            Row(.transactionAbortable, .abort, .abort, .abort, .abort, .abort, .abort),
            Row(.topicAuthorizationFailed, .fatal, .fatal, .abort, .fatal, .fatal, .fatal),
            Row(.groupAuthorizationFailed, .abort, .fatal, .abort, .abort, .abort, .fatal),
            Row(.operationNotAttempted, .fatal, .fatal, .abort, .fatal, .fatal, .fatal),
            Row(.unknownProducerId, .fatal, .fatal, .recover, .recover, .fatal, .recover),
            Row(.invalidProducerIdMapping, .fatal, .fatal, .recover, .recover, .fatal, .recover),
            Row(.fencedInstanceId, .fatal, .fatal, .abort, .fatal, .abort, .fatal),
            Row(.unknownMemberId, .fatal, .fatal, .abort, .fatal, .abort, .fatal),
            Row(.illegalGeneration, .fatal, .fatal, .abort, .fatal, .abort, .fatal),
            Row(.producerFenced, .fatal, .fatal, .fatal, .fatal, .fatal, .fatal),
            Row(.invalidProducerEpoch, .fatal, .fatal, .fatal, .fatal, .fatal, .fatal),
            Row(.transactionalIdAuthorizationFailed, .fatal, .fatal, .fatal, .fatal, .fatal, .fatal),
            Row(.clusterAuthorizationFailed, .fatal, .fatal, .fatal, .fatal, .fatal, .fatal),
            Row(.invalidTxnState, .fatal, .fatal, .fatal, .fatal, .fatal, .fatal),
            Row(.invalidTransactionTimeout, .fatal, .fatal, .abort, .fatal, .fatal, .fatal),
            Row(.unsupportedVersion, .fatal, .fatal, .fatal, .fatal, .fatal, .fatal),
            Row(.unsupportedForMessageFormat, .fatal, .fatal, .abort, .fatal, .fatal, .fatal),
            Row(.unknownServerError, .fatal, .fatal, .abort, .fatal, .fatal, .fatal),
            Row(ErrorCode(rawValue: 9999), .fatal, .fatal, .abort, .fatal, .fatal, .fatal),
        ])
    func eachCodeMeans(row: Row) {
        let verdicts = Self.requests.map { TransactionVerdict.of(row.code, to: $0) }
        #expect(verdicts == row.verdicts)
    }

    @Test func aCodeThatIsRetriableNeverEndsAProducer() {
        for code in (Int16(-1)...140).map(ErrorCode.init(rawValue:)) where code.isRetriable {
            for request in Self.requests {
                let verdict = TransactionVerdict.of(code, to: request)
                #expect(verdict == .retry || verdict == .findCoordinator, "\(code) to \(request)")
            }
        }
    }

    @Test func theWorstOfSeveralCodesCounts() {
        let request = TransactionRequest.addPartitions([])
        func worst(_ codes: ErrorCode...) -> ErrorCode { TransactionVerdict.worst(of: codes, to: request) }
        #expect(worst(.none, .none) == .none)
        #expect(worst(.none, .topicAuthorizationFailed, .none) == .topicAuthorizationFailed)
        #expect(worst(.coordinatorLoadInProgress, .notCoordinator) == .notCoordinator)
        #expect(worst(.topicAuthorizationFailed, .producerFenced, .notCoordinator) == .producerFenced)
    }

    @Test func whatWasNotAttemptedSaysNothingOfWhy() {
        let request = TransactionRequest.addPartitions([])
        let codes = [ErrorCode.operationNotAttempted, .unknownTopicOrPartition]
        #expect(TransactionVerdict.worst(of: codes, to: request) == .unknownTopicOrPartition)
    }
}
