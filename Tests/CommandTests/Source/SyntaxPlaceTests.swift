import Testing

@testable import kafka_lua

@Suite struct SyntaxPlaceTests {
    /// As if `!` could stand nowhere.
    private func excerpt(_ source: String) -> String? {
        SyntaxPlace(in: source) { $0.contains("!") }?.excerpt
    }

    @Test func theCaretStandsBelowTheFirstTokenThatIsWrong() {
        #expect(excerpt("a = b ! c !") == "  a = b ! c !\n        ^")
        #expect(excerpt("one\ntwo ! three\nfour") == "  two ! three\n      ^")
        #expect(excerpt("你好 = !") == "  你好 = !\n         ^")
        #expect(excerpt("\ta\u{1} !") == "   a\\x01 !\n         ^")
    }

    @Test func whatEndsTooEarlyIsWrongAtItsEnd() {
        #expect(excerpt("print(") == "  print(\n        ^")
        #expect(excerpt("") == nil)
        #expect(excerpt("-- nothing") == nil)
    }

    @Test func ofALongLineOnlyWhatStandsAroundThePlaceIsShown() {
        let lines =
            excerpt(String(repeating: "x", count: 200) + " ! " + String(repeating: "y", count: 200))?
            .split(separator: "\n") ?? []
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.count == 2)
        #expect(
            lines.last?.count
                == lines.first?.firstIndex(of: "!").map { lines[0].distance(from: lines[0].startIndex, to: $0) + 1 })
    }
}
