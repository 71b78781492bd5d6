import Testing

@testable import kafka_lua

@Suite struct RecordPrinterTests {
    private let record = PrintableRecord(
        topic: "orders", partition: 2, offset: 17, timestamp: 1_700_000_000_123, key: Array("k1".utf8),
        value: Array("你好".utf8),
        headers: [.init(name: "trace", value: Array("abc".utf8)), .init(name: "none", value: nil)])

    @Test func aTableHasTitlesOnce() {
        var printer = RecordPrinter(format: .table)
        #expect(
            printer.text(record) == """
                PARTITION    OFFSET  TIMESTAMP                 KEY       HEADERS  VALUE
                        2        17  2023-11-14T22:13:20.123Z  k1        trace=abc,none=∅  你好

                """)
        #expect(
            printer.text(record) == "        2        17  2023-11-14T22:13:20.123Z  k1        trace=abc,none=∅  你好\n")
    }

    @Test func columnsAreAsWideAsWasSeen() {
        var printer = RecordPrinter(format: .table)
        _ = printer.text(record)
        var plain = record
        plain.headers = []
        plain.key = nil
        #expect(
            printer.text(plain) == "        2        17  2023-11-14T22:13:20.123Z  ∅         -                 你好\n")
    }

    @Test func bytesThatAreNotTextAreEscapedAndATombstoneIsNamed() {
        var printer = RecordPrinter(format: .table)
        var binary = record
        binary.value = [0x1B, 0x5B, 0x32, 0x4A, 0xFF, 0x0A]
        #expect(printer.text(binary).hasSuffix(#"  \x1b[2J\xff\n"# + "\n"))
        binary.value = nil
        #expect(printer.text(binary).hasSuffix("  ∅ tombstone\n"))
    }

    @Test func jsonIsOneObjectALine() {
        var printer = RecordPrinter(format: .json)
        #expect(
            printer.text(record)
                == #"{"topic":"orders","partition":2,"offset":17,"timestamp":1700000000123,"key":"k1","value":"你好","#
                + #""headers":[["trace","abc"],["none",null]]}"# + "\n")
        let bare = PrintableRecord(topic: "t", partition: 0, offset: 0, timestamp: -1, key: [0xC3], value: nil)
        #expect(
            printer.text(bare)
                == #"{"topic":"t","partition":0,"offset":0,"timestamp":null,"key":{"base64":"ww=="},"value":null,"#
                + #""headers":[]}"# + "\n")
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (-2, "1969-12-31T23:59:59.998Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"), (-1, "-"),
        (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
    ])
    func timestampsAreUTC(milliseconds: Int64, text: String) {
        #expect(TimestampText.of(milliseconds: milliseconds) == text)
    }

    @Test(arguments: [Int64.min, Int64.max])
    func noTimestampTraps(milliseconds: Int64) {
        #expect(TimestampText.of(milliseconds: milliseconds).hasSuffix("Z"))
    }
}
