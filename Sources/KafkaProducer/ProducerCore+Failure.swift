import KafkaWire
import NIOCore

// Records that do not reach a batch: each is told so once.
extension ProducerCore {
    static let closedError = KafkaError(.closed, "the producer is closed: make a new one")

    func tooLarge(
        _ bound: Int, topic: Topic, partition: Int32?, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        let (key, limit) =
            bound > configuration.maxRequestSize
            ? ("max.request.size", configuration.maxRequestSize) : ("buffer.memory", configuration.bufferMemory)
        let error = KafkaError(.recordTooLarge, "a record of up to \(bound) bytes is larger than \(key)=\(limit)")
        return fail(error, topic: topic, partition: partition ?? -1, callback: callback)
    }

    private func fail(
        _ error: KafkaError, topic: Topic, partition: Int32, generation: Int = -1, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        topic.refused(error)
        sensors.refused(at: sender.eventLoop.now)
        poisonTransaction(error)
        let result = BatchResult.failed(error, topic: topic.name, partition: partition, generation: generation)
        callback?(result.failedMetadata(0), error)
        return DeliveryFuture(batch: result, index: 0)
    }

    /// Gives up a send that has waited for `max.block.ms`.
    package func timedOut(
        _ progress: inout Progress, topic: Topic, partition: Int32?, callback: DeliveryCallback?
    ) -> DeliveryFuture {
        if progress.reservation != nil { sensors.exhaustedMemory(at: sender.eventLoop.now) }
        let error =
            progress.drainsSince != nil
            ? undrained(topic) : progress.reservation == nil ? missingMetadata(topic, partition) : exhaustedMemory
        return abandon(&progress, because: error, topic: topic, partition: partition, callback: callback)
    }

    private var waited: String { "\(configuration.maxBlock.milliseconds) ms (max.block.ms)" }

    private func undrained(_ topic: Topic) -> KafkaError {
        KafkaError(
            .timeout,
            "records of topic '\(topic.name)' that an older version of the partitioner has placed were not acknowledged "
                + "within \(waited): the brokers do not keep up; swap with drain = \"none\" not to wait for them")
    }

    private var exhaustedMemory: KafkaError {
        KafkaError(
            .bufferExhausted,
            "buffer.memory=\(configuration.bufferMemory) stayed exhausted for \(waited): the brokers do not keep up")
    }

    /// Why a topic, or a partition of it, could not be found in time.
    package func missingMetadata(_ topic: Topic, _ partition: Int32?) -> KafkaError {
        let count = topic.layout.current.partitions.count
        let what = count == 0 ? "topic '\(topic.name)'" : "partition \(partition ?? 0) of topic '\(topic.name)'"
        let reason = (topic.lack ?? sender.networkError).map { ": \($0.message)" }
        let cause = reason ?? (count > 0 ? ": it has \(count)" : "")
        return KafkaError(.timeout, "\(what) not present in metadata after \(waited)\(cause)")
    }

    /// Gives up a send, for another reason than time.
    package func abandon(
        _ progress: inout Progress, because error: KafkaError, topic: Topic, partition: Int32?,
        callback: DeliveryCallback?
    ) -> DeliveryFuture {
        giveUp(&progress)
        return fail(
            error, topic: topic, partition: progress.partition ?? partition ?? -1, generation: progress.generation,
            callback: callback)
    }

    /// Notes that a wait is over, in vain or not.
    func endWait(_ progress: inout Progress) {
        progress.drainsSince = nil
        guard let start = progress.waitsSince.take() else { return }
        let now = sender.eventLoop.now
        if progress.reservation == nil {
            sensors.waitedForMetadata(since: start, at: now)
        } else {
            sensors.waitedForMemory(since: start, at: now)
        }
    }

    func giveUp(_ progress: inout Progress) {
        unpin(&progress)
        giveBack(&progress)
    }

    func giveBack(_ progress: inout Progress) {
        endWait(&progress)
        if let reservation = progress.reservation.take() { memory.cancel(reservation) }
    }
}
