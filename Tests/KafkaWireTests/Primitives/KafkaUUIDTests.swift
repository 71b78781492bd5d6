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

    @Test(arguments: [
        ("00000000-0000-0000-0000-000000000000", KafkaUUID.zero),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", KafkaUUID(high: .max, low: .max)),
        ("123e4567-e89b-12d3-a456-426614174000", KafkaUUID(high: 0x123e_4567_e89b_12d3, low: 0xa456_4266_1417_4000)),
    ])
    func hasTheTextOfRFC9562(text: String, id: KafkaUUID) {
        #expect(id.hyphenated == text)
        #expect(KafkaUUID(hyphenated: text) == id)
        #expect(KafkaUUID(hyphenated: text.uppercased()) == id)
    }

    @Test(arguments: [
        "", "1-2-3-4-5", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400",
        "123e4567-e89b-12d3-a456-4266141740000", "123e4567-e89b-12d3-a456-42661417400g",
        "123e4567_e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-42661417400\u{10}",
        "-23e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-4266141740é",
    ])
    func noOtherTextIsRead(text: String) {
        #expect(KafkaUUID(hyphenated: text) == nil)
    }

    @Test func goesOverTheWireHighestByteFirst() throws {
        var id = KafkaUUID(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)
        var writer = WireWriter()
        writer.field(&id)
        #expect(writer.bytes == Array(1...16))
    }
}
