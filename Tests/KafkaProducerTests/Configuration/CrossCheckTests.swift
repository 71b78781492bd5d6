import Testing

@testable import KafkaProducer

@Suite struct CrossCheckTests {
    private let log = LoggedWarnings()

    @Test func serversAreRequired() {
        #expect(refusal([:], servers: nil)?.contains("bootstrap.servers is required") == true)
    }

    @Test func idempotenceIsOnUnlessSomethingForbidsIt() throws {
        #expect(try validated([:]).enableIdempotence == true)
        #expect(try validated(["acks": "1"]).enableIdempotence == false)
        #expect(try validated(["retries": "0"]).enableIdempotence == false)
        #expect(try validated(["enable.idempotence": "false", "acks": "0"]).enableIdempotence == false)
    }

    @Test func idempotenceThatWasAskedForIsNotGivenUp() {
        #expect(refusal(["enable.idempotence": "true", "acks": "1"]) == "enable.idempotence=true needs acks=all")
        #expect(
            refusal(["enable.idempotence": "true", "retries": "0"]) == "enable.idempotence=true needs retries above 0")
    }

    @Test func moreThanFiveInFlightNeedIdempotenceOff() throws {
        let six = ["max.in.flight.requests.per.connection": "6"]
        #expect(refusal(six)?.contains("set enable.idempotence=false") == true)
        let off = six.merging(["enable.idempotence": "false"], uniquingKeysWith: { $1 })
        #expect(try validated(off).maxInFlightRequestsPerConnection == 6)
    }

    @Test func theDeliveryTimeoutCoversLingerAndARequest() throws {
        #expect(try validated([:]).deliveryTimeout == .seconds(120))
        #expect(try validated(["linger.ms": "100000"]).deliveryTimeout == .milliseconds(130_000))
        #expect(
            refusal(["delivery.timeout.ms": "30004"])?.contains("delivery.timeout.ms=30004 must be at least") == true)
        #expect(try validated(["delivery.timeout.ms": "30005"]).deliveryTimeout == .milliseconds(30_005))
    }

    @Test func aBatchFitsIntoTheMemory() {
        #expect(refusal(["buffer.memory": "16383"]) == "buffer.memory=16383 must be at least batch.size=16384")
    }

    @Test("6.5 Transactions need idempotence")
    func transactionsNeedIdempotence() throws {
        let transactional = ["transactional.id": "t"]
        for off in [["enable.idempotence": "false"], ["acks": "1"], ["retries": "0"]] {
            let both = transactional.merging(off, uniquingKeysWith: { $1 })
            #expect(refusal(both)?.hasPrefix("transactional.id needs idempotence") == true)
        }
        #expect(refusal(transactional) == nil)
    }

    @Test func aPauseAboveItsLimitIsSettledWithAWarning() throws {
        #expect(try validated(["retry.backoff.ms": "5000"]).retryBackoff == .seconds(1))
        #expect(try validated(["reconnect.backoff.ms": "5000"]).reconnectBackoffMax == .seconds(5))
        #expect(
            try validated(["socket.connection.setup.timeout.ms": "60000"]).connectionSetupTimeout == .seconds(30))
        #expect(
            log.messages == [
                "retry.backoff.ms lowered to retry.backoff.max.ms = 1000",
                "reconnect.backoff.max.ms raised to reconnect.backoff.ms = 5000",
                "socket.connection.setup.timeout.ms lowered to socket.connection.setup.timeout.max.ms = 30000",
            ])
    }

    @Test(
        "6.7 What is not done yet is refused by name",
        arguments: [("sasl.mechanism", "PLAIN"), ("sasl.mechanism", "OAUTHBEARER")])
    func whatIsNotDoneYetIsRefusedByName(name: String, value: String) {
        let refusal = refusal([name: value])
        #expect(refusal?.hasPrefix("\(name)=") == true)
        #expect(refusal?.hasSuffix(" is not supported yet") == true)
    }

    @Test func whoNamesCertificatesAndDoesNotEncryptIsWarned() throws {
        _ = try validated(["ssl.truststore.location": "/etc/trust.pem"])
        #expect(
            log.messages == [
                "keys of ssl.* have no effect with security.protocol=PLAINTEXT: connections are not encrypted"
            ])
    }

    @Test func saslNeedsAMechanismAndCredentials() {
        let plain = ["security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN"]
        #expect(refusal(["security.protocol": "SASL_SSL"])?.contains("needs sasl.mechanism") == true)
        #expect(refusal(plain)?.contains("needs sasl.username and sasl.password") == true)
        #expect(refusal(["sasl.username": "u"]) == "sasl.username and sasl.password must be given together")
        let scram = "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\" password=\"p\";"
        #expect(
            refusal(plain.merging(["sasl.jaas.config": scram]) { $1 })?.hasPrefix("sasl.jaas.config with") == true)
        #expect(
            refusal(["sasl.jaas.config": scram, "sasl.username": "u", "sasl.password": "p"])?
                .contains("exclude each other") == true)
    }

    @Test func certificatesComeFromOnePlace() {
        let certificates = BadValues.pem("CERTIFICATE")
        #expect(
            refusal(["ssl.truststore.location": "a.pem", "ssl.truststore.certificates": certificates])?
                .contains("exclude each other") == true)
        #expect(
            refusal(["ssl.keystore.location": "a.pem", "ssl.keystore.certificate.chain": certificates])?
                .contains("exclude each other") == true)
        #expect(refusal(["ssl.keystore.certificate.chain": certificates])?.contains("given together") == true)
    }

    @Test func eachRuleNamesKeysThatAre() throws {
        for rule in ConfigurationRule.all {
            for name in rule.keys {
                let key = try ConfigurationKey.named(name)
                #expect(key.rules.contains(rule.documentation))
            }
        }
    }

    private func validated(_ keys: [String: String], servers: String? = "localhost:9092") throws(KafkaError)
        -> ProducerConfiguration
    {
        var configuration = ProducerConfiguration()
        if let servers { try configuration.set("bootstrap.servers", servers) }
        for (key, value) in keys { try configuration.set(key, value) }
        return try configuration.validated(logger: log.logger)
    }

    private func refusal(_ keys: [String: String], servers: String? = "localhost:9092") -> String? {
        do throws(KafkaError) {
            _ = try validated(keys, servers: servers)
            return nil
        } catch {
            return error.kind == .configuration ? error.message : "\(error)"
        }
    }
}
