import Testing

@testable import KafkaProducer

@Suite struct DefaultsTests {
    /// What Kafka's producer does where nothing is said.
    static let defaults: [(key: String, value: String)] = [
        ("client.id", ""), ("client.dns.lookup", "use_all_dns_ips"), ("acks", "all"), ("enable.idempotence", "true"),
        ("max.in.flight.requests.per.connection", "5"), ("retries", "2147483647"), ("delivery.timeout.ms", "120000"),
        ("request.timeout.ms", "30000"), ("linger.ms", "5"), ("batch.size", "16384"), ("buffer.memory", "33554432"),
        ("max.block.ms", "60000"), ("max.request.size", "1048576"), ("compression.type", "none"),
        ("compression.gzip.level", "-1"), ("compression.lz4.level", "9"), ("compression.zstd.level", "3"),
        ("partitioner.class", "default"), ("partitioner.adaptive.partitioning.enable", "true"),
        ("partitioner.availability.timeout.ms", "0"), ("partitioner.ignore.keys", "false"),
        ("interceptor.classes", ""), ("transactional.id", ""), ("transaction.timeout.ms", "60000"),
        ("send.buffer.bytes", "131072"), ("receive.buffer.bytes", "32768"), ("reconnect.backoff.ms", "50"),
        ("reconnect.backoff.max.ms", "1000"), ("retry.backoff.ms", "100"), ("retry.backoff.max.ms", "1000"),
        ("socket.connection.setup.timeout.ms", "10000"), ("socket.connection.setup.timeout.max.ms", "30000"),
        ("connections.max.idle.ms", "540000"), ("metadata.max.age.ms", "300000"), ("metadata.max.idle.ms", "300000"),
        ("metadata.recovery.strategy", "rebootstrap"), ("metadata.recovery.rebootstrap.trigger.ms", "300000"),
        ("security.protocol", "PLAINTEXT"), ("ssl.endpoint.identification.algorithm", "https"),
        ("ssl.enabled.protocols", "TLSv1.2,TLSv1.3"),
    ]

    @Test("6.3 Keys have Kafka's defaults", arguments: defaults)
    func defaultsAreKafkas(key: String, value: String) throws {
        #expect(try ConfigurationKey.named(key).defaultValue == value)
    }
}
