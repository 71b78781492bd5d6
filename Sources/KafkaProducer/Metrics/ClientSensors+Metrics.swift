extension ClientSensors {
    static let metrics: [MetricDefinition<Self>] =
        [
            .init("batch-size-avg", .average, of: \.batchSize, .bytes, "The average size of a batch as it is sent."),
            .init("batch-size-max", .maximum, of: \.batchSize, .bytes, "The largest size of a batch as it is sent."),
            .init(
                "compression-rate-avg", .average, of: \.compressionRate, .ratio,
                "The average size of a batch's records as they are sent, by their size before compression."),
            .init(
                "record-queue-time-avg", .average, of: \.queueTime, .milliseconds,
                "The average time that a batch waited before it was sent."),
            .init(
                "record-queue-time-max", .maximum, of: \.queueTime, .milliseconds,
                "The longest time that a batch waited before it was sent."),
            .init(
                "request-latency-avg", .average, of: \.requestLatency, .milliseconds,
                "The average time from a produce request to its answer."),
            .init(
                "request-latency-max", .maximum, of: \.requestLatency, .milliseconds,
                "The longest time from a produce request to its answer."),
            .init("record-send-rate", .rate, of: \.recordsPerRequest, .countPerSecond, "Records sent a second."),
            .init("record-send-total", .total, of: \.recordsPerRequest, .count, "Records sent."),
            .init(
                "records-per-request-avg", .average, of: \.recordsPerRequest, .count,
                "The average number of records in a produce request."),
            .init("record-retry-rate", .rate, of: \.retries, .countPerSecond, "Records to be sent again, a second."),
            .init("record-retry-total", .total, of: \.retries, .count, "Records that had to be sent again."),
            .init("record-error-rate", .rate, of: \.errors, .countPerSecond, "Records that failed, a second."),
            .init("record-error-total", .total, of: \.errors, .count, "Records that failed."),
            .init(
                "record-size-avg", .average, of: \.recordSize, .bytes,
                "The average size of a record before compression."),
            .init(
                "record-size-max", .maximum, of: \.largestRecord, .bytes,
                "The largest record, measured as for max.request.size: alone in a batch, and not compressed."),
            .init("batch-split-rate", .eventRate, of: \.batchSplits, .countPerSecond, "Batches split a second."),
            .init(
                "batch-split-total", .eventTotal, of: \.batchSplits, .count,
                "Batches that were split because a broker found them too large."),
            .init(
                "produce-throttle-time-avg", .average, of: \.throttleTime, .milliseconds,
                "The average time that a broker asked to be left alone for."),
            .init(
                "produce-throttle-time-max", .maximum, of: \.throttleTime, .milliseconds,
                "The longest time that a broker asked to be left alone for."),
            .init(
                "requests-in-flight", gauge: \.gauges.requestsInFlight, .count, "Requests that wait for their answer."),
            .init("metadata-age", gauge: \.gauges.metadataAge, .seconds, "The time since metadata came last."),

            .init(
                "bufferpool-wait-time-ns-total", .total, of: \.memoryWait, .nanoseconds,
                "The time that calls of send have waited for memory."),
            .init(
                "bufferpool-wait-ratio", .ratio, of: \.memoryWait, .ratio,
                "The share of time that calls of send have waited for memory; several at once may make more than 1."),
            .init(
                "buffer-exhausted-rate", .eventRate, of: \.memoryExhaustion, .countPerSecond,
                "Records given up a second because no memory came free within max.block.ms."),
            .init(
                "buffer-exhausted-total", .eventTotal, of: \.memoryExhaustion, .count,
                "Records given up because no memory came free within max.block.ms."),
            .init("waiting-threads", gauge: \.gauges.waitingThreads, .count, "Calls of send that wait for memory."),
            .init("buffer-total-bytes", gauge: \.gauges.bufferTotalBytes, .bytes, "The value of buffer.memory."),
            .init(
                "buffer-available-bytes", gauge: \.gauges.bufferAvailableBytes, .bytes,
                "Memory that no batch has borrowed."),
            .init(
                "flush-time-ns-total", .total, of: \.flushTime, .nanoseconds, "The time that calls of flush have taken."
            ),
            .init(
                "metadata-wait-time-ns-total", .total, of: \.metadataWait, .nanoseconds,
                "The time that calls have waited for a topic's metadata."),

            .init("connection-count", gauge: \.gauges.connectionCount, .count, "Open connections."),
            .init(
                "connection-creation-rate", .eventRate, of: \.connectionCreation, .countPerSecond,
                "Connections opened a second."),
            .init("connection-creation-total", .eventTotal, of: \.connectionCreation, .count, "Connections opened."),
            .init(
                "connection-close-rate", .eventRate, of: \.connectionClose, .countPerSecond,
                "Connections closed a second."),
            .init("connection-close-total", .eventTotal, of: \.connectionClose, .count, "Connections closed."),
            .init(
                "network-io-rate", .eventRate, of: \.networkIO, .countPerSecond,
                "Requests sent and answers received a second."),
            .init("network-io-total", .eventTotal, of: \.networkIO, .count, "Requests sent and answers received."),
        ] + NodeSensors.traffic(outgoing: \.outgoing, incoming: \.incoming)
}
