extension ForeignConfigurationKey {
    static let librdkafka =
        renamed.map { ForeignConfigurationKey(name: $0, owner: "librdkafka", advice: .means($1, note: $2)) }
        + unused.map { ForeignConfigurationKey(name: $0, owner: "librdkafka", advice: .unused($1)) }
        + refused.map { ForeignConfigurationKey(name: $0, owner: "librdkafka", advice: .refused($1)) }
        + [
            ForeignConfigurationKey(
                name: "api.version.request", owner: "librdkafka",
                advice: .only("true", "brokers are always asked for the versions they speak")),
            ForeignConfigurationKey(
                name: "enable.ssl.certificate.verification", owner: "librdkafka",
                advice: .only("true", "certificates are always verified")),
            ForeignConfigurationKey(
                name: "allow.auto.create.topics", owner: "librdkafka",
                advice: .only("true", "for producers, the broker's auto.create.topics.enable decides")),
        ]

    private static let renamed: [(String, String, String?)] = [
        ("metadata.broker.list", "bootstrap.servers", nil),
        ("message.max.bytes", "max.request.size", nil),
        ("max.in.flight", "max.in.flight.requests.per.connection", nil),
        ("topic.metadata.refresh.interval.ms", "metadata.max.age.ms", nil),
        ("socket.timeout.ms", "request.timeout.ms", nil),
        ("socket.send.buffer.bytes", "send.buffer.bytes", "where librdkafka has 0, -1 leaves it to the system"),
        ("socket.receive.buffer.bytes", "receive.buffer.bytes", "where librdkafka has 0, -1 leaves it to the system"),
        ("reconnect.backoff.jitter.ms", "reconnect.backoff.ms", nil),
        ("queue.buffering.max.messages", "buffer.memory", "it counts bytes"),
        ("queue.buffering.max.kbytes", "buffer.memory", "it counts bytes: multiply by 1024"),
        ("queue.buffering.max.ms", "linger.ms", nil),
        ("message.send.max.retries", "retries", nil),
        ("compression.codec", "compression.type", nil),
        ("compression.level", "compression.zstd.level", "gzip and lz4 have compression.gzip.level and .lz4.level"),
        ("batch.num.messages", "batch.size", "it counts bytes"),
        ("request.required.acks", "acks", nil),
        ("message.timeout.ms", "delivery.timeout.ms", nil),
        ("partitioner", "partitioner.class", nil),
        ("interceptors", "interceptor.classes", nil),
        ("sasl.mechanisms", "sasl.mechanism", nil),
        ("ssl.ca.location", "ssl.truststore.location", nil),
        ("ssl.ca.pem", "ssl.truststore.certificates", nil),
        ("ssl.certificate.location", "ssl.keystore.location", "one PEM file with the key and the certificates"),
        ("ssl.certificate.pem", "ssl.keystore.certificate.chain", nil),
        ("ssl.key.location", "ssl.keystore.location", "one PEM file with the key and the certificates"),
        ("ssl.key.pem", "ssl.keystore.key", nil),
    ]

    private static let unused: [(String, String)] =
        [
            "message.copy.max.bytes", "receive.message.max.bytes", "topic.metadata.refresh.fast.interval.ms",
            "topic.metadata.refresh.fast.cnt", "topic.metadata.refresh.sparse", "topic.metadata.propagation.max.ms",
            "socket.blocking.max.ms", "socket.keepalive.enable", "socket.nagle.disable", "socket.max.fails",
            "broker.address.ttl", "enable.random.seed", "api.version.request.timeout.ms", "api.version.fallback.ms",
            "broker.version.fallback", "queue.buffering.backpressure.threshold", "queuing.strategy",
            "sticky.partitioning.linger.ms", "delivery.report.only.error", "produce.offset.report",
        ].map { ($0, "there is nothing like it in this client") }
        + [
            "debug", "log_level", "log.queue", "log.thread.name", "log.connection.close",
        ].map { ($0, "the log is the program's own") }
        + [("statistics.interval.ms", "the producer's metrics can be read at any time")]

    private static let refused: [(String, String)] = [
        ("broker.address.family", "both families of addresses are tried; leave it out"),
        ("enable.gapless.guarantee", "leave it out; with idempotence a batch that fails is an error of its records"),
        ("plugin.library.paths", "libraries cannot be loaded; leave it out"),
        ("topic.blacklist", "send to other topics instead; leave it out"),
        ("ssl.keystore.password", "key stores are PEM; ssl.key.password is the password of the key in it"),
        (
            "enable.ssl.certificate.verification",
            "certificates are always looked at; ssl.endpoint.identification.algorithm= (empty) takes any host's"
        ),
        ("ssl.crl.location", "lists of revoked certificates are not read"),
        ("ssl.curves.list", "the curves of TLS are not chosen here; leave it out"),
        ("ssl.sigalgs.list", "the signatures of TLS are not chosen here; leave it out"),
        ("ssl.engine.location", "engines of OpenSSL are not loaded; leave it out"),
        ("https.ca.location", "OAuth is not supported yet"),
    ]
}
