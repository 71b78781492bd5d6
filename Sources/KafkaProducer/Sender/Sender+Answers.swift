import KafkaWire
import Logging
import NIOCore

// What becomes of the batches of a produce request.
extension Sender {
    /// Takes the answer to a request, or the news that there will be none.
    func finish(_ request: Request, _ result: Result<ByteBuffer, KafkaError>, version: Int16, node: Node) {
        switch result {
        case .success where configuration.acks == .none:
            for batch in request.batches { store(batch, baseOffset: -1, logAppendTime: nil) }
        case .success(let bytes):
            do throws(WireError) {
                let response = try ProduceResponse.decode(answer: bytes, version: version)
                throttle(node, for: response.throttleTimeMs, .produce, version: version)
                settle(request, response, node: node)
            } catch {
                let failure = KafkaError(.malformed, "broker \(node.address), answer to a produce request: \(error)")
                node.connection?.close(failure)
                for batch in request.batches { retry(batch, from: node, because: failure) }
            }
        case .failure(let error):
            for batch in request.batches {
                if configuration.acks == .none { fail(batch, error) } else { retry(batch, from: node, because: error) }
            }
        }
    }

    private func settle(_ request: Request, _ response: ProduceResponse, node: Node) {
        learnLeaders(from: response)
        sensors.throttled(milliseconds: response.throttleTimeMs, at: eventLoop.now)
        var answers = PartitionAnswers(response)
        for (index, batch) in request.batches.enumerated() {
            let queue = batch.queue
            let id = request.topicIds.isEmpty ? .zero : request.topicIds[index]
            if let answer = answers.answer(for: queue.partition, of: queue.topic.name, id: id) {
                settle(batch, answer, from: node)
            } else {
                let error = KafkaError(.malformed, "broker \(node.address) left \(queue.name) out of its answer")
                retry(batch, from: node, because: error)
            }
        }
    }

    private func settle(_ batch: Batch, _ answer: ProduceResponse.PartitionProduceResponse, from node: Node) {
        // It expired while it was under way: what comes of it now says nothing about the batches of today.
        if batch.isComplete { return }
        let verdict = ProduceVerdict.of(
            answer.errorCode, isIdempotent: rules.isIdempotent, isTransactional: transaction != nil,
            isFirst: batch.queue.dispatch.isFirst(batch), recordCount: batch.recordCount)
        switch verdict {
        case .stored:
            let isDuplicate = answer.errorCode == .duplicateSequenceNumber
            store(
                batch, baseOffset: isDuplicate ? -1 : answer.baseOffset,
                logAppendTime: answer.logAppendTimeMs >= 0 ? answer.logAppendTimeMs : nil)
        case .retry, .renumber:
            if answer.errorCode.invalidatesMetadata { metadata.want() }
            if verdict == .renumber { batch.queue.dispatch.requireRenumbering() }
            retry(batch, from: node, because: KafkaError(answer.errorCode, "\(batch.queue.name)"))
        case .split:
            split(batch, because: answer)
        case .fail:
            fail(batch, answer)
        }
    }

    private func store(_ batch: Batch, baseOffset: Int64, logAppendTime: Int64?) {
        batch.queue.dispatch.stored(batch)
        finish(batch) { $0.succeed(baseOffset: baseOffset, logAppendTime: logAppendTime) }
        review(batch.queue, at: eventLoop.now)
    }

    /// Lets the records be sent again in smaller batches.
    private func split(_ batch: Batch, because answer: ProduceResponse.PartitionProduceResponse) {
        if isClosing { return fail(batch, answer) }
        let pieces = batch.split(limit: min(configuration.batchSize, batch.size / 2))
        logger.info("\(batch.queue.name): \(batch.size) bytes are too many, sending \(pieces.count) batches instead")
        batch.queue.dispatch.split(batch, into: pieces, keepingOrder: rules.keepsOrder)
        sensors.split(at: eventLoop.now)
        review(batch.queue, at: eventLoop.now)
    }

    /// Lets a batch be sent again, unless its retries are used up.
    private func retry(_ batch: Batch, from node: Node, because error: KafkaError) {
        if batch.isComplete { return }
        guard batch.attempts <= configuration.retries, !isClosing, !error.isAuthenticationFailure else {
            return fail(batch, error)
        }
        logger.debug("\(batch.queue.name): repeating \(batch.recordCount) records: \(error)")
        let backoff = ExponentialBackoff(
            initial: configuration.retryBackoff, maximum: configuration.retryBackoffMax)
        let pause = backoff.pause(failures: batch.queue.dispatch.failureCount, using: &generator)
        // A leader that the broker has named since need not be spared (KIP-951).
        let hasMoved = batch.queue.dispatch.leader != node.id
        batch.queue.dispatch.retry(
            batch, at: hasMoved ? eventLoop.now : eventLoop.now + pause, keepingOrder: rules.keepsOrder)
        sensors.retried(batch, at: eventLoop.now)
        if error.kind != .broker || error.code.invalidatesMetadata {
            metadata.want()
            refreshMetadataIfDue()
        }
        review(batch.queue, at: eventLoop.now)
    }

    private func fail(_ batch: Batch, _ answer: ProduceResponse.PartitionProduceResponse) {
        let detail = answer.errorMessage.map { "\(batch.queue.name): \($0)" } ?? batch.queue.name
        let error = KafkaError(answer.errorCode, detail)
        guard !answer.recordErrors.isEmpty else { return fail(batch, error) }
        // KIP-467: the records that are named are to blame; the others went down with them.
        var exceptions: [Int32: KafkaError] = [:]
        for record in answer.recordErrors {
            exceptions[record.batchIndex] = KafkaError(
                answer.errorCode, record.batchIndexErrorMessage.map { "\(batch.queue.name): \($0)" } ?? detail)
        }
        let bystander = KafkaError(
            answer.errorCode, "\(batch.queue.name): the batch was refused because of other records in it")
        fail(batch, bystander, exceptions: exceptions)
    }

    func fail(_ batch: Batch, _ error: KafkaError, exceptions: [Int32: KafkaError] = [:]) {
        batch.queue.dispatch.failed(batch)
        finish(batch, failing: error, exceptions: exceptions)
        review(batch.queue, at: eventLoop.now)
    }
}
