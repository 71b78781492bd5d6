import KafkaWire
import Testing

@Suite struct ErrorCodeTests {
    private static let known = (Int16(-1)...133).map { ErrorCode(rawValue: $0) }

    @Test func eachCodeHasItsOwnNameAndAMessage() {
        #expect(Set(Self.known.map(\.name)).count == 135)
        #expect(Self.known.allSatisfy { !$0.name.hasPrefix("UNKNOWN(") && !$0.message.isEmpty })
    }

    @Test(
        arguments: [
            (.unknownServerError, -1, "UNKNOWN_SERVER_ERROR"), (.none, 0, "NONE"),
            (.notLeaderOrFollower, 6, "NOT_LEADER_OR_FOLLOWER"),
            (.invalidTopicException, 17, "INVALID_TOPIC_EXCEPTION"),
            (.unsupportedVersion, 35, "UNSUPPORTED_VERSION"),
            (.outOfOrderSequenceNumber, 45, "OUT_OF_ORDER_SEQUENCE_NUMBER"),
            (.producerFenced, 90, "PRODUCER_FENCED"), (.transactionAbortable, 120, "TRANSACTION_ABORTABLE"),
            (.rebootstrapRequired, 129, "REBOOTSTRAP_REQUIRED"),
            (.shareSessionLimitReached, 133, "SHARE_SESSION_LIMIT_REACHED"),
        ] as [(ErrorCode, Int16, String)])
    func namesAreKafkas(code: ErrorCode, number: Int16, name: String) {
        #expect(code.rawValue == number)
        #expect("\(code)" == name)
    }

    @Test func theSubclassesOfRetriableExceptionAreRetriable() {
        #expect(
            Self.known.filter(\.isRetriable).map(\.rawValue) == [
                2, 3, 5, 6, 7, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 70, 71, 72, 74, 75, 78, 80, 83, 84, 88, 89, 100,
                103, 106, 122, 123, 133,
            ])
    }

    @Test func theSubclassesOfInvalidMetadataExceptionInvalidateMetadata() {
        #expect(
            Self.known.filter(\.invalidatesMetadata).map(\.rawValue)
                == [3, 5, 6, 9, 13, 56, 72, 74, 80, 83, 84, 100, 103])
    }

    @Test(arguments: [Int16.min, -2, 134, .max])
    func anUnknownCodeIsKeptAndNotRetriable(number: Int16) {
        let code = ErrorCode(rawValue: number)
        #expect(code.rawValue == number)
        #expect("\(code)" == "UNKNOWN(\(number))")
        #expect(!code.isRetriable && !code.invalidatesMetadata)
        #expect(!code.message.isEmpty)
    }
}
