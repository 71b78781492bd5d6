/// For each key values that cannot be.
///
/// Keys that take free text refuse what no broker or file system takes: control characters inside, too many bytes.
enum BadValues {
    static let all: [String: [String]] = [
        // Core
        "bootstrap.servers": ["", ",", "localhost", "localhost:70000", "a:1,b", "::1:9092", "[::1]:0"],
        "key.serializer": ["", "strings", "int8", "com.acme.OrderSerializer", "list", "list<>", "list<int8>", avro],
        "value.serializer": [
            "", "strings", "int8", "org.apache.kafka.common.serialization.ListSerializer", "protobuf",
        ],
        "client.id": ["a\tb", "a\u{0}b", "a\u{85}b", tooLong],
        "acks": ["", "2", "-2", "leader", "true"],
        "enable.idempotence": ["", "maybe", "1", "yes"],
        "max.in.flight.requests.per.connection": ["", "0", "-1", "2147483648", "five"],
        "retries": ["-1", "2147483648", "many"],
        "delivery.timeout.ms": ["-1", "2147483648", "99999999999999999999", "2m"],
        "request.timeout.ms": ["-1", "2147483648", "30s"],
        "linger.ms": ["-1", "5.5", "9223372036854775808"],
        "batch.size": ["-1", "many", "0x10", "16k", "2147483648"],
        "buffer.memory": ["-1", "32MB", "9223372036854775808"],
        "max.block.ms": ["-1", "forever"],
        "max.request.size": ["-1", "1e6", "2147483648"],
        "compression.type": ["", "brotli", "gzip9"],
        "compression.gzip.level": ["0", "-2", "10", "best"],
        "compression.lz4.level": ["0", "18", "-1", "x"],
        "compression.zstd.level": ["23", "-131073", "x"],
        "partitioner.class": ["best", "com.acme.VIPPartitioner"],
        "partitioner.adaptive.partitioning.enable": ["", "on"],
        "partitioner.availability.timeout.ms": ["-1", "x"],
        "partitioner.ignore.keys": ["", "no"],
        "interceptor.classes": ["a,,b", "a,", "a\u{7}b", "a,a"],
        // Network
        "client.dns.lookup": ["", "default", "use_all"],
        "send.buffer.bytes": ["-2", "2147483648", "x"],
        "receive.buffer.bytes": ["-2", "2147483648", "x"],
        "reconnect.backoff.ms": ["-1", "x"],
        "reconnect.backoff.max.ms": ["-1", "x"],
        "retry.backoff.ms": ["-1", "x"],
        "retry.backoff.max.ms": ["-1", "x"],
        "socket.connection.setup.timeout.ms": ["0", "-1", "x"],
        "socket.connection.setup.timeout.max.ms": ["0", "-1", "x"],
        "connections.max.idle.ms": ["-2", "x"],
        "metadata.max.age.ms": ["-1", "x"],
        "metadata.max.idle.ms": ["4999", "x"],
        "metadata.recovery.strategy": ["", "give_up"],
        "metadata.recovery.rebootstrap.trigger.ms": ["-1", "x"],
        // Security
        "security.protocol": ["", "TLS", "SASL"],
        "ssl.truststore.location": ["", "C:\u{9}emp"],
        "ssl.truststore.certificates": ["", "trust.pem", pem("PRIVATE KEY"), pem("CERTIFICATE") + "-----BEGIN"],
        "ssl.keystore.location": ["", "a\nb"],
        "ssl.keystore.certificate.chain": ["", "chain.pem", pem("PRIVATE KEY")],
        "ssl.keystore.key": ["", "key.pem", pem("CERTIFICATE"), pem("RSA PRIVATE KEY")],
        "ssl.key.password": ["", "a\u{0}b"],
        "ssl.endpoint.identification.algorithm": ["http", "none", "false"],
        "ssl.enabled.protocols": ["", "TLSv1.1", "SSLv3", "TLSv1.2,", "TLSv1.3,TLSv1.3"],
        "sasl.mechanism": ["", "GSSAPI", "SCRAM-SHA-1"],
        "sasl.oauthbearer.token": ["", "a\u{1}b"],
        "sasl.oauthbearer.token.endpoint.url": ["", "https://idp/token", "file://host", "/etc/token"],
        "sasl.jaas.config": ["", "PlainLoginModule", "M required;;", "M required a=b", "M required a;"],
        "sasl.username": ["", "a\u{0}b"],
        "sasl.password": ["", "a\u{0}b"],
        // Transactions
        "transactional.id": ["", "a\u{0}b", tooLong],
        "transaction.timeout.ms": ["0", "-1", "2147483648", "x"],
    ]

    static let tooLong = String(repeating: "x", count: 32_768)
    private static let avro = "io.confluent.kafka.serializers.KafkaAvroSerializer"

    static func pem(_ label: String) -> String { "-----BEGIN \(label)-----\nMIIB\n-----END \(label)-----\n" }
}
