import Testing

@testable import KafkaLua

@Suite struct CSVParserTests {
    /// The rows of a text that comes in blocks of a size.
    private func rows(
        _ text: String, _ parser: CSVParser = CSVParser(), blocks size: Int
    ) throws(CSVParser.Failure) -> [CSVParser.Row] {
        var parser = parser
        var rows: [CSVParser.Row] = []
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            var block = bytes.prefix(size)
            bytes = bytes.dropFirst(size)
            while !block.isEmpty {
                if let row = try parser.next(&block) { rows.append(row) }
            }
        }
        if let row = try parser.finish() { rows.append(row) }
        return rows
    }

    private func fields(_ rows: [CSVParser.Row]) -> [[String]] {
        rows.map { $0.fields.map { String(decoding: $0, as: UTF8.self) } }
    }

    static let texts: [(text: String, rows: [[String]], lines: [Int])] = [
        ("", [], []),
        ("a", [["a"]], [1]),
        ("a,b\n", [["a", "b"]], [1]),
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]], [1, 2]),
        ("a,b\r\nc,d", [["a", "b"], ["c", "d"]], [1, 2]),
        (",\n,,\n", [["", ""], ["", "", ""]], [1, 2]),
        ("a,\n", [["a", ""]], [1]),
        ("a,", [["a", ""]], [1]),
        ("\"a\",\"b\"\"c\",\"\"\n", [["a", "b\"c", ""]], [1]),
        ("\"a\"\r\n\"b\"\r", [["a"], ["b"]], [1, 2]),
        ("\"\"\n", [[""]], [1]),
        ("\"\"\"\"", [["\""]], [1]),
        ("\"one\ntwo\r\nthree\",x\ny\n", [["one\ntwo\r\nthree", "x"], ["y"]], [1, 4]),
        ("\n\r\na\n\n\nb\n\n", [["a"], ["b"]], [3, 6]),
        ("a\rb,c\n", [["a\rb", "c"]], [1]),
        (" a , b \n", [[" a ", " b "]], [1]),
        ("\u{FEFF}a,b\n", [["a", "b"]], [1]),
        ("\u{FEFF}\"a\"\n", [["a"]], [1]),
        ("你好,é\n", [["你好", "é"]], [1]),
        ("\u{FB01}x\n", [["\u{FB01}x"]], [1]),
    ]

    @Test(arguments: texts)
    func rowsAreTheSameInWhateverBlocksTheyCome(_ item: (text: String, rows: [[String]], lines: [Int])) throws {
        for size in [1, 2, 3, 5, 1000] {
            let rows = try rows(item.text, blocks: size)
            #expect(fields(rows) == item.rows)
            #expect(rows.map(\.line) == item.lines)
        }
    }

    @Test(arguments: [
        ("a\n\"b\nc", 2, "the quote that begins here is not closed"),
        ("x,y\na,\"b\n\n\n", 2, "the quote that begins here is not closed"),
        ("a\nb\"c\n", 2, "a quote in a field that does not begin with one"),
        ("\"a\"b\n", 1, "goes on after its closing quote"), ("\"a\"\rb\n", 1, "goes on after its closing quote"),
        ("\"a\nb\" ,c\n", 2, "goes on after its closing quote"),
        ("ok\n" + String(repeating: "x", count: 101), 2, "the row is longer than 100 bytes"),
        ("ok\n\"\n" + String(repeating: ",", count: 101), 2, "the row is longer than 100 bytes"),
    ])
    func whatIsWrongIsNamedByItsLine(_ item: (text: String, line: Int, message: String)) {
        for size in [1, 1000] {
            let failure = #expect(throws: CSVParser.Failure.self) {
                try rows(item.text, CSVParser(limit: 100), blocks: size)
            }
            #expect(failure?.line == item.line)
            #expect(failure?.message.contains(item.message) == true)
        }
    }

    @Test func separatorsAndQuotesAreChosen() throws {
        let parser = CSVParser(separator: UInt8(ascii: ";"), quote: UInt8(ascii: "'"))
        #expect(try fields(rows("a,b;'c;d';\"e\n", parser, blocks: 2)) == [["a,b", "c;d", "\"e"]])
    }

    @Test func whateverIsWrittenIsReadAgain() throws {
        var generator = SystemRandomNumberGenerator()
        let pieces = ["a", ",", "\"", "\n", "\r\n", "\r", "é", " ", ""]
        for _ in 0..<300 {
            let table = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                (0..<3).map { _ in
                    (0..<Int.random(in: 0...4, using: &generator)).map { _ in pieces.randomElement() ?? "" }.joined()
                }
            }
            let text = table.map { row in
                row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\n"
            }.joined()
            #expect(try fields(rows(text, blocks: Int.random(in: 1...7, using: &generator))) == table)
        }
    }
}
