import Testing

@testable import kafka_lua

@Suite struct ValuePrinterTests {
    private func table(_ items: [PrintableValue] = [], _ fields: [(String, PrintableValue)] = []) -> PrintableValue {
        .table(PrintableTable(items: items, fields: fields.map { .init(key: .string($0.0), value: $0.1) }))
    }

    @Test(arguments: [
        (PrintableValue.null, "nil"), (.boolean(true), "true"), (.integer(-3), "-3"), (.number(3), "3.0"),
        (.number(0.1), "0.1"), (.number(.infinity), "inf"), (.string("你好 \"x\"\n\\"), #""你好 \"x\"\n\\""#),
        (.string([0x00, 0xFF, 0x61, 0x1B]), #""\x00\xffa\x1b""#), (.opaque("function: 0x1"), "function: 0x1"),
        (.opaque("\u{1B}[31m"), #"\x1b[31m"#), (.list([]), "{}"),
    ])
    func simpleValuesReadLikeLua(value: PrintableValue, text: String) {
        #expect(ValuePrinter().text(value) == text)
    }

    @Test func aShortTableStandsOnOneLine() {
        let value = table(
            [.integer(1), .string("a")], [("name", .string("x")), ("end", .boolean(false)), ("a-b", .null)])
        #expect(ValuePrinter().text(value) == #"{ 1, "a", name = "x", ["end"] = false, ["a-b"] = nil }"#)
    }

    @Test func keysThatAreNotStringsStandInBrackets() {
        let value = PrintableValue.table(PrintableTable(fields: [.init(key: .integer(7), value: .integer(1))]))
        #expect(ValuePrinter().text(value) == "{ [7] = 1 }")
    }

    @Test func aLongTableIsIndented() {
        var printer = ValuePrinter()
        printer.limits.width = 20
        let value = table([], [("first", .string("long enough")), ("second", .list([.integer(1), .integer(2)]))])
        #expect(
            printer.text(value) == """
                {
                  first  = "long enough",
                  second = { 1, 2 }
                }
                """)
    }

    /// What stands before a value takes room as well.
    @Test func aValueThatDoesNotFitBesideItsKeyIsBroken() {
        var printer = ValuePrinter()
        printer.limits.width = 20
        let value = table([], [("first", .integer(1)), ("second", .list([.integer(100), .integer(2000)]))])
        #expect(
            printer.text(value) == """
                {
                  first  = 1,
                  second = {
                    100,
                    2000
                  }
                }
                """)
    }

    @Test func aListOfTablesWithTheSameFieldsStandsInColumns() {
        let records = PrintableValue.list([
            table([], [("offset", .integer(7)), ("topic", .string("orders")), ("value", .string("你好\n"))]),
            table([], [("offset", .integer(12)), ("topic", .string("x")), ("key", .string("k"))]),
        ])
        #expect(
            ValuePrinter().text(records) == """
                topic   offset  key  value
                orders       7       你好\\n
                x           12  k
                """)
        var narrow = ValuePrinter()
        narrow.limits.width = 20
        #expect(narrow.text(records).hasPrefix("{\n  {\n"))
        narrow.limits = PrintLimits(items: 1)
        #expect(narrow.text(records) == "topic   offset  value\norders       7  你好\\n\n… 1 more")
        let nested = PrintableValue.list([
            table([], [("isr", .list([.integer(1), .integer(2)])), ("up", .boolean(true))])
        ])
        #expect(ValuePrinter().text(nested) == "isr       up\n{ 1, 2 }  true")
        #expect(ValuePrinter().text(.list([table([], [("a-b", .integer(1))])])) == "{ { [\"a-b\"] = 1 } }")
        #expect(ValuePrinter().text(.list([table([.integer(1)], [("a", .integer(1))])])) == "{ { 1, a = 1 } }")
    }

    @Test func tablesAreCutAtTheirLimits() {
        var printer = ValuePrinter(limits: PrintLimits(depth: 2, items: 3, total: 100))
        #expect(printer.text(.list((1...5).map { .integer($0) })) == "{ 1, 2, 3, … 2 more }")
        #expect(printer.text(.list([.list([.list([.integer(1)])])])) == "{ { { … 1 } } }")
        #expect(printer.text(.table(PrintableTable(items: [.integer(1)], omitted: 9))) == "{ 1, … 9 more }")
        printer.limits.total = 2
        #expect(printer.text(.list([.list([.integer(1), .integer(2)]), .list([.integer(3)])])).contains("…"))
    }

    @Test func aLongStringIsCutBetweenCharacters() {
        var printer = ValuePrinter()
        printer.limits.stringBytes = 4
        #expect(printer.text(.string("你好")) == "\"你\" … 3 more bytes")
        #expect(printer.text(.string(Array(repeating: 0x80, count: 6))) == #""\x80" … 5 more bytes"#)
        #expect(printer.text(.string("abcd")) == "\"abcd\"")
    }

    @Test func coloursDoNotCountForTheWidth() {
        var printer = ValuePrinter()
        printer.limits.width = 12
        printer.palette = Palette(isEnabled: true)
        #expect(!printer.text(.list([.integer(1), .integer(2)])).contains("\n"))
        #expect(printer.text(.integer(1)) == TextStyle.yellow.applied(to: "1"))
    }

    @Test func jsonKeepsWhatItCan() {
        #expect(ValuePrinter.json(table([], [("a\"b", .integer(1))])) == #"{"a\"b":1}"#)
        #expect(ValuePrinter.json(.list([.null, .number(1.5), .number(.nan)])) == #"[null,1.5,"nan"]"#)
        #expect(ValuePrinter.json(table([.integer(1)], [("x", .string([0xFF]))])) == #"{"1":1,"x":{"base64":"/w=="}}"#)
    }
}
