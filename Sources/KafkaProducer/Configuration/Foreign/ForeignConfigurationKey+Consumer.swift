extension ForeignConfigurationKey {
    /// What a file that serves a whole program has besides.
    static let consumer =
        [
            "group.id", "group.instance.id", "group.protocol", "group.remote.assignor", "auto.offset.reset",
            "enable.auto.commit", "auto.commit.interval.ms", "enable.auto.offset.store", "fetch.min.bytes",
            "fetch.max.bytes", "fetch.max.wait.ms", "fetch.wait.max.ms", "fetch.message.max.bytes",
            "max.partition.fetch.bytes", "max.poll.records", "max.poll.interval.ms", "session.timeout.ms",
            "heartbeat.interval.ms", "partition.assignment.strategy", "key.deserializer", "value.deserializer",
            "isolation.level", "check.crcs", "exclude.internal.topics", "client.rack", "enable.partition.eof",
            "queued.min.messages", "queued.max.messages.kbytes", "zookeeper.connect",
        ].map { key(name: $0, of: "consumers") }
        + ["bootstrap.controllers", "default.api.timeout.ms"].map { key(name: $0, of: "admin clients") }
        + ["application.id", "state.dir", "num.stream.threads", "processing.guarantee"].map {
            key(name: $0, of: "Kafka Streams")
        }

    private static func key(name: String, of role: String) -> ForeignConfigurationKey {
        ForeignConfigurationKey(
            name: name, owner: role, advice: .refused("this is a producer; leave it out"))
    }
}
