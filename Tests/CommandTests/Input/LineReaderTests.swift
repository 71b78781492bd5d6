import Testing

@testable import kafka_lua

@Suite struct LineReaderTests {
    private func lines(_ text: String) throws -> [String] {
        let pipe = try PipePair()
        pipe.write(text)
        pipe.closeWriting()
        var reader = LineReader(descriptor: pipe.reading)
        var lines: [String] = []
        while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        #expect(reader.isFinished)
        return lines
    }

    @Test func linesEndAtLineFeeds() throws {
        #expect(try lines("a\n\nb\r\n") == ["a", "", "b\r"])
    }

    @Test func aLastLineNeedsNoLineFeed() throws {
        #expect(try lines("a\nb") == ["a", "b"])
        #expect(try lines("") == [])
        #expect(try lines("\n") == [""])
    }

    @Test func aLineMayBeLongerThanOneRead() throws {
        let long = String(repeating: "x", count: 60_000)
        #expect(try lines(long + "\ny") == [long, "y"])
    }
}
