extension ForeignConfigurationKey {
    private static let java = "Java's client"

    static let javaProducer =
        unused.map { ForeignConfigurationKey(name: $0, owner: java, advice: .unused($1)) }
        + refused.map { ForeignConfigurationKey(name: $0, owner: java, advice: .refused($1)) }
        + onlyPEM.map { ForeignConfigurationKey(name: $0, owner: java, advice: .only("PEM", $1)) }
        + onlyUTF8.map { ForeignConfigurationKey(name: $0, owner: java, advice: .only("UTF-8", "text is UTF-8")) }
        + formerly.map { ForeignConfigurationKey(name: $0, owner: "an older client", advice: .means($1)) }

    private static let unused: [(String, String)] =
        [
            "metric.reporters", "metrics.sample.window.ms", "metrics.num.samples", "metrics.recording.level",
            "auto.include.jmx.reporter",
        ].map { ($0, "metrics are read from the producer, which has no reporters") }
        + [("enable.metrics.push", "this client pushes no metrics to brokers (KIP-714)")]
        + ["ssl.protocol", "ssl.provider", "ssl.keymanager.algorithm", "ssl.trustmanager.algorithm"].map {
            ($0, "it is about Java's own TLS; ssl.enabled.protocols counts")
        }
        + [("ssl.secure.random.implementation", "it is about Java's own TLS")]

    private static let onlyPEM = [
        ("ssl.truststore.type", "convert it with keytool and openssl, and name it in ssl.truststore.location"),
        ("ssl.keystore.type", "convert it with keytool and openssl, and name it in ssl.keystore.location"),
    ]

    private static let onlyUTF8 = ["key.serializer.encoding", "value.serializer.encoding", "serializer.encoding"]

    private static let formerly = [
        ("broker.list", "bootstrap.servers"), ("metadata.fetch.timeout.ms", "max.block.ms"),
        ("block.on.buffer.full", "max.block.ms"), ("timeout.ms", "request.timeout.ms"),
        ("serializer.class", "value.serializer"), ("key.serializer.class", "key.serializer"),
        ("request.timeout", "request.timeout.ms"),
    ]

    private static let refused: [(String, String)] = [
        ("ssl.truststore.password", "a trust store is PEM here and has no password; leave it out"),
        ("ssl.keystore.password", "key stores are PEM; ssl.key.password is the password of the key in it"),
        ("ssl.cipher.suites", "the ciphers of TLS are not chosen here; leave it out"),
        ("ssl.engine.factory.class", "classes of Java cannot be loaded; leave it out"),
        ("security.providers", "classes of Java cannot be loaded; leave it out"),
        ("config.providers", "placeholders such as ${file:…} are not replaced; write the value itself"),
        ("config.providers.", "placeholders such as ${file:…} are not replaced; write the value itself"),
        ("sasl.client.callback.handler.class", "classes of Java cannot be loaded; leave it out"),
        ("sasl.kerberos.", "Kerberos is not supported; sasl.mechanism says what is"),
        ("sasl.login.", "connections log in again by themselves, and classes of Java cannot be loaded; leave it out"),
        ("sasl.oauthbearer.", "tokens are not fetched here; sasl.oauthbearer.token.endpoint.url=file:///… reads one"),
        ("schema.registry.", "schema registries are not supported yet"),
        ("auto.register.schemas", "schema registries are not supported yet"),
        ("default.list.", "name the items' serializer: key.serializer=list<int64>"),
    ]
}
