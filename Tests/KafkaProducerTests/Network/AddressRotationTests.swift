import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct AddressRotationTests {
    var rotation = AddressRotation()

    @Test mutating func aNameHasToBeResolvedFirst() {
        #expect(rotation.next() == nil)
        #expect(!rotation.hasUntried)
    }

    @Test("4.8 Each address is tried once, and then the name is resolved again")
    mutating func eachAddressIsTriedOnceAndThenTheNameIsResolvedAgain() throws {
        try resolve("10.0.0.1", "10.0.0.2")
        #expect(attempts(3) == ["10.0.0.1", "10.0.0.2", nil])
        #expect(!rotation.hasUntried)
    }

    @Test mutating func familiesTakeTurns() throws {
        try resolve("::1", "::2", "::3", "10.0.0.1")
        #expect(attempts(5) == ["::1", "10.0.0.1", "::2", "::3", nil])
    }

    @Test mutating func theAddressThatWasTriedLastIsNotTheFirstAgain() throws {
        try resolve("10.0.0.1", "10.0.0.2")
        #expect(attempts(1) == ["10.0.0.1"])
        rotation.connected()
        #expect(!rotation.hasUntried)
        try resolve("10.0.0.1", "10.0.0.2")
        #expect(attempts(3) == ["10.0.0.2", "10.0.0.1", nil])
    }

    @Test mutating func theOnlyAddressIsTriedAgain() throws {
        try resolve("10.0.0.1")
        #expect(attempts(2) == ["10.0.0.1", nil])
        try resolve("10.0.0.1")
        #expect(attempts(1) == ["10.0.0.1"])
    }

    @Test mutating func afterAConnectionTheNameMayStandForSomethingElse() throws {
        try resolve("10.0.0.1", "10.0.0.2", "10.0.0.3")
        #expect(attempts(1) == ["10.0.0.1"])
        rotation.connected()
        #expect(attempts(1) == [nil])
        try resolve("10.0.0.9")
        #expect(attempts(1) == ["10.0.0.9"])
    }

    private mutating func resolve(_ addresses: String...) throws {
        try rotation.resolved(addresses.map { try SocketAddress(ipAddress: $0, port: 9092) })
    }

    private mutating func attempts(_ count: Int) -> [String?] {
        (0..<count).map { _ in rotation.next()?.ipAddress }
    }
}
