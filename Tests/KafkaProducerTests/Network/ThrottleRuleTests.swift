import KafkaWire
import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct ThrottleRuleTests {
    @Test(arguments: [(APIKey.produce, Int16(6)), (.metadata, 6), (.apiVersions, 2), (.initProducerId, 1)])
    func theClientWaitsWhereTheBrokerDoesNot(api: APIKey, first: Int16) {
        #expect(ThrottleRule.end(of: 30, api, version: first, at: .ms(5)) == .ms(35))
        #expect(ThrottleRule.end(of: 30, api, version: first - 1, at: .ms(5)) == .distantPast)
    }

    @Test(arguments: [Int32(0), -1, .min])
    func noTimeIsNoTime(milliseconds: Int32) {
        #expect(ThrottleRule.end(of: milliseconds, .produce, version: 9, at: .ms(5)) == .distantPast)
    }

    @Test func noBrokerStopsAClientForDays() {
        #expect(ThrottleRule.end(of: .max, .produce, version: 9, at: .ms(0)) == .ms(3_600_000))
    }
}
