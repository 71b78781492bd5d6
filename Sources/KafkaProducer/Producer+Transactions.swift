extension Producer {
    /// Makes this producer the one of its `transactional.id`, and ends what an older one has left open; to be called
    /// once, before the first transaction. Blocks at most `max.block.ms`.
    ///
    /// After a time-out it has to be called again, or the producer closed (KIP-98).
    /// - Throws: `KafkaError` of kind `illegalState` without `transactional.id`, in a callback, or the second time; of
    ///   kind `timeout`; a fatal error, after which the producer can only be closed.
    public func initTransactions() throws(KafkaError) { try core.perform(.initialize) }

    /// Suspending form of `initTransactions`.
    public func initTransactions() async throws(KafkaError) { try await core.perform(.initialize) }

    /// Opens a transaction: each record that is sent from now on belongs to it.
    /// - Throws: `KafkaError` of kind `illegalState` if a transaction is open, or `initTransactions` was not called; the
    ///   error of a producer that can only be closed.
    public func beginTransaction() throws(KafkaError) { try core.perform(.begin) }

    /// Suspending form of `beginTransaction`.
    public func beginTransaction() async throws(KafkaError) { try await core.perform(.begin) }

    /// Commits offsets of a consumer group with the transaction, so that what was read and what was written count
    /// together. Blocks at most `max.block.ms`.
    /// - Parameters:
    ///   - offsets: of the next record to read in each partition. Without any nothing is done.
    ///   - groupMetadata: the group, and its member that read the records (KIP-447).
    /// - Throws: `KafkaError` of kind `illegalState` without an open transaction; of kind `timeout`; an abortable error,
    ///   after which the transaction has to be aborted; a fatal one.
    public func sendOffsetsToTransaction(
        _ offsets: [TopicPartition: OffsetAndMetadata], groupMetadata: ConsumerGroupMetadata
    ) throws(KafkaError) {
        try groupMetadata.check(offsets)
        if offsets.isEmpty { return }
        try core.perform(.sendOffsets, offsets: TransactionOffsets(offsets, group: groupMetadata))
    }

    /// Suspending form of `sendOffsetsToTransaction`.
    public func sendOffsetsToTransaction(
        _ offsets: [TopicPartition: OffsetAndMetadata], groupMetadata: ConsumerGroupMetadata
    ) async throws(KafkaError) {
        try groupMetadata.check(offsets)
        if offsets.isEmpty { return }
        try await core.perform(.sendOffsets, offsets: TransactionOffsets(offsets, group: groupMetadata))
    }

    /// Sends what is left of the transaction and commits it. Blocks at most `max.block.ms`.
    ///
    /// After a time-out it has to be called again: what became of the transaction is not known.
    /// - Throws: `KafkaError` that is abortable if a record or an offset of the transaction failed: then nothing is
    ///   committed, and `abortTransaction` is to be called; of kind `illegalState` or `timeout`; a fatal error.
    public func commitTransaction() throws(KafkaError) { try core.perform(.commit) }

    /// Suspending form of `commitTransaction`.
    public func commitTransaction() async throws(KafkaError) { try await core.perform(.commit) }

    /// Fails what has not been sent, and aborts the transaction: readers with `read_committed` see nothing of it. Blocks
    /// at most `max.block.ms`; after a time-out it has to be called again.
    /// - Throws: `KafkaError` of kind `illegalState` or `timeout`; a fatal error.
    public func abortTransaction() throws(KafkaError) { try core.perform(.abort) }

    /// Suspending form of `abortTransaction`.
    public func abortTransaction() async throws(KafkaError) { try await core.perform(.abort) }

    /// Opens a transaction, runs `body` and commits; aborts if either throws.
    /// - Throws: what `body` throws, or the commit. A commit that timed out is not aborted, since it may be through:
    ///   `commitTransaction` has to be called again.
    public func withTransaction<Result>(_ body: () throws -> Result) throws -> Result {
        try beginTransaction()
        do {
            let result = try body()
            try commitTransaction()
            return result
        } catch {
            if needsAbort(after: error) { try? abortTransaction() }
            throw error
        }
    }

    /// Suspending form of `withTransaction`.
    public func withTransaction<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async throws -> Result {
        try await beginTransaction()
        do {
            let result = try await body()
            try await commitTransaction()
            return result
        } catch {
            if needsAbort(after: error) { try? await abortTransaction() }
            throw error
        }
    }

    /// Where nothing can be aborted the producer says so itself.
    private func needsAbort(after error: any Error) -> Bool { (error as? KafkaError)?.isFatal != true }
}
