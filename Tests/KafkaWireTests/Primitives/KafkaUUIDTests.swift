import KafkaWire
import Testing

@Suite struct KafkaUUIDTests {
    @Test(
        arguments: [
            (0x0102_0304_0506_0708, 0x090a_0b0c_0d0e_0f10, "AQIDBAUGBwgJCgsMDQ4PEA"),
            (0, 0, "AAAAAAAAAAAAAAAAAAAAAA"),
            (.max, .max, "_____________________w"),
            (0, 1, "AAAAAAAAAAAAAAAAAAAAAQ"),
            (1 << 63, 0, "gAAAAAAAAAAAAAAAAAAAAA"),
        ] as [(UInt64, UInt64, String)])
    func printsAsURLSafeBase64(high: UInt64, low: UInt64, text: String) {
        #expect(KafkaUUID(high: high, low: low).description == text)
    }

    @Test func goesOverTheWireHighestByteFirst() throws {
        var id = KafkaUUID(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)
        var writer = WireWriter()
        writer.field(&id)
        #expect(writer.bytes == Array(1...16))
    }
}
