import Testing

@Suite struct TransactionalIdTests {
    /// A script cannot begin a transaction, and without one no record could be sent.
    @Test func aScriptIsToldThatTransactionsAreForSwiftOnly() async throws {
        let broker = try await TestBroker(partitions: 1)
        let transcript = try await ScriptRunner(broker).run(
            """
            return select(2, pcall(kafka.producer, { ["transactional.id"] = "x" }))
            """)
        #expect(transcript.error == nil)
        #expect(transcript.texts.first?.contains("transactional.id=x is not supported yet") == true)
    }
}
