import Testing

@testable import KafkaProducer

/// Failures that `send` finds and does not throw.
@Suite struct ClientFailureTests {
    @Test("1.23 What is not the caller's fault comes through the future and the callback", arguments: ClientFailure.all)
    func failuresComeThroughTheFuture(failure: ClientFailure) throws {
        let outcome = try failure.run()
        let error = try #require(#expect(throws: KafkaError.self) { try outcome.future.get() })
        #expect(error.kind == failure.kind)
        #expect(error.code == failure.code)
        #expect(outcome.callbacks.map(\.error) == [error])
    }

    @Test("1.24 Its callback runs on the caller's thread, before send returns", arguments: ClientFailure.all)
    func theCallbackRunsOnTheCallersThread(failure: ClientFailure) throws {
        let caller = CurrentThread()
        let outcome = try failure.run()
        #expect(outcome.wasDone)
        #expect(outcome.callbacks.map(\.thread) == [caller])
    }

    @Test("1.25 Its metadata has the topic, the partition or -1, and -1 elsewhere", arguments: ClientFailure.all)
    func metadataIsNeverMissing(failure: ClientFailure) throws {
        let outcome = try failure.run()
        let expected = RecordMetadata(
            topic: failure.record.topic, partition: failure.partition, offset: -1, timestamp: -1,
            serializedKeySize: -1, serializedValueSize: -1)
        #expect(outcome.callbacks.map(\.metadata) == [expected])
        #expect(outcome.acknowledgements.map(\.metadata) == [expected])
    }

    @Test("1.28 Interceptors are told once of such a record, before its callback", arguments: ClientFailure.all)
    func interceptorsAreTold(failure: ClientFailure) throws {
        let outcome = try failure.run()
        #expect(outcome.acknowledgements.map(\.error?.kind) == [failure.kind])
        #expect(outcome.order == ["onAcknowledgement", "callback"])
    }
}
