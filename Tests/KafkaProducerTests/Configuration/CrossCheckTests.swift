import Logging
import Testing

@testable import KafkaProducer

@Suite struct CrossCheckTests {
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

    @Test func aClientIdFitsIntoARequest() {
        let long = String(repeating: "x", count: 32_768)
        #expect(refusal(["client.id": long])?.contains("client.id has 32768 bytes") == true)
    }

    private func validated(_ keys: [String: String], servers: String? = "localhost:9092") throws(KafkaError)
        -> ProducerConfiguration
    {
        var configuration = ProducerConfiguration()
        if let servers { try configuration.set("bootstrap.servers", servers) }
        for (key, value) in keys { try configuration.set(key, value) }
        return try configuration.validated(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
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
