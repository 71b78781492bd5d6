import TestSupport
import Testing

@testable import kafka_lua

/// What is seen on a screen after keystrokes and output.
@Suite struct RendererTests {
    @Test func theLineStandsBehindThePrompt() {
        var session = EditingSession()
        session.type("print(1)\u{02}")
        #expect(session.screen.lines == ["> print(1)"])
        #expect((session.screen.row, session.screen.column) == (0, 9))
    }

    @Test func aLongLineIsWrappedAndTheCursorFollows() {
        var session = EditingSession(columns: 10)
        session.type("12345678")
        #expect(session.screen.lines == ["> 12345678"])
        #expect((session.screen.row, session.screen.column) == (1, 0))
        session.type("9")
        #expect(session.screen.lines == ["> 12345678", "9"])
        session.type("\u{7F}\u{7F}")
        #expect(session.screen.lines == ["> 1234567"])
        #expect((session.screen.row, session.screen.column) == (0, 9))
    }

    @Test func aWideCharacterIsNotCutAtTheEdge() {
        var session = EditingSession(columns: 9)
        session.type("你好世界")
        #expect(session.screen.lines == ["> 你好世", "界"])
        #expect((session.screen.row, session.screen.column) == (1, 2))
        session.type("\u{02}")
        #expect((session.screen.row, session.screen.column) == (1, 0))
        session.type("\u{02}x")
        #expect(session.screen.lines == ["> 你好x世", "界"])
    }

    @Test func aBlockHasContinuationPrompts() {
        var session = EditingSession { $0.hasSuffix("end") }
        session.type("for i = 1, 2 do\rprint(i)\rend")
        #expect(session.screen.lines == ["> for i = 1, 2 do", ". print(i)", ". end"])
        session.type("\r")
        #expect(session.screen.lines == ["> for i = 1, 2 do", ". print(i)", ". end", ">"])
    }

    @Test func enterInTheMiddleOfABlockLeavesAllOfItOnTheScreen() {
        var session = EditingSession()
        session.type("a\u{1B}\rb\u{1B}\rc\u{1B}[A\u{1B}[A\r")
        #expect(session.screen.lines == ["> a", ". b", ". c", ">"])
        #expect(session.submitted == ["a\nb\nc"])
    }

    @Test func outputAppearsAboveThePromptWhichStays() {
        var session = EditingSession(columns: 12)
        session.type("send{\u{1B}\rtopic\u{02}")
        session.printAbove("✓ orders-0 @ 17\n")
        #expect(session.screen.lines == ["✓ orders-0 @", " 17", "> send{", ". topic"])
        session.printAbove("two\nlines")
        #expect(session.screen.lines == ["✓ orders-0 @", " 17", "two", "lines", "> send{", ". topic"])
        session.type("!")
        #expect(session.screen.lines.last == ". topi!c")
        #expect((session.screen.row, session.screen.column) == (5, 7))
    }

    @Test func outputScrollsTheScreenAndThePromptStaysBelow() {
        var session = EditingSession(columns: 20, rows: 4)
        session.type("abc")
        for number in 1...6 { session.printAbove("line \(number)\n") }
        #expect(session.screen.lines == ["line 4", "line 5", "line 6", "> abc"])
        #expect(session.screen.scrollback == ["line 1", "line 2", "line 3"])
    }

    @Test func ofATallBlockThePartAroundTheCursorIsSeen() {
        var session = EditingSession(columns: 20, rows: 3)
        session.type("\u{1B}[200~1\n2\n3\n4\n5\u{1B}[201~")
        #expect(session.screen.lines == [". 3", ". 4", ". 5"])
        session.type("\u{1B}<")
        #expect(session.screen.lines == ["> 1", ". 2", ". 3"])
        session.type("\r")
        #expect(
            session.screen.scrollback.suffix(3) + session.screen.lines.dropLast() == [
                "> 1", ". 2", ". 3", ". 4", ". 5",
            ])
    }

    @Test func clearingLeavesTheLineAtTheTop() {
        var session = EditingSession()
        session.printAbove("old\nlines\n")
        session.type("abc")
        session.clearScreen()
        #expect(session.screen.lines == ["> abc"])
        #expect((session.screen.row, session.screen.column) == (0, 5))
    }

    @Test func theSearchShowsItsQuery() {
        var session = EditingSession(history: ["print(1)"])
        session.type("\u{12}int")
        #expect(session.screen.lines == ["(search) int: print(1)"])
        session.type("x")
        #expect(session.screen.lines == ["(failed search) intx: print(1)"])
    }

    @Test func controlCharactersAndTabsAreVisible() {
        var session = EditingSession()
        session.type("\u{1B}[200~a\tb\u{01}c\u{1B}d\u{1B}[201~")
        #expect(session.screen.lines == ["> a  b^Ac^[d"])
        #expect(session.screen.unknown == [])
    }

    @Test func highlightsTakeNoColumns() {
        var renderer = Renderer()
        let frame = EditorFrame(
            prompt: "> ", continuation: ". ", promptStyle: nil, characters: Array("local x"), cursor: 7,
            highlights: [Highlight(range: 0..<5, style: .magenta)])
        let output = renderer.draw(frame, size: TerminalSize(columns: 20, rows: 5))
        #expect(output.contains(TextStyle.magenta.applied(to: "local")))
        var screen = ScreenModel(columns: 20, rows: 5)
        screen.write(output)
        #expect(screen.lines == ["> local x"])
        #expect(screen.column == 9)
    }

    @Test func aNarrowerTerminalIsErasedWhole() {
        var renderer = Renderer()
        let frame = EditorFrame(
            prompt: "> ", continuation: ". ", promptStyle: nil, characters: Array("12345678\nabc"), cursor: 12)
        _ = renderer.draw(frame, size: TerminalSize(columns: 20, rows: 10))
        // What a terminal of five columns makes of the rows "> 12345678" and ". abc": two rows each, the last full.
        #expect(renderer.erase(columns: 5) == "\u{1B}[3A\r\u{1B}[J")
    }

    @Test func everyRedrawShowsWhatAFreshDrawingWould() {
        var generator = SeededGenerator(seed: 3)
        let pieces = [
            "a", "lorem ipsum", "你", "😀", "e\u{301}", "\u{1B}\r", "\u{02}", "\u{06}", "\u{01}", "\u{05}", "\u{7F}",
            "\u{17}",
            "\u{19}", "\u{1B}[A", "\u{1B}[B", "\u{0B}", "\u{1F}",
        ]
        for columns in [4, 7, 10, 23] {
            var session = EditingSession(columns: columns, rows: 40)
            for _ in 0..<200 {
                session.type(pieces.randomElement(using: &generator) ?? "")
                if session.state.buffer.characters.count > 60 { session.type("\u{1B}>\u{15}\u{15}\u{15}") }
                var fresh = ScreenModel(columns: columns, rows: 40)
                var renderer = Renderer()
                let frame = EditorFrame(
                    prompt: "> ", continuation: ". ", promptStyle: nil, characters: session.state.buffer.characters,
                    cursor: session.state.buffer.cursor)
                fresh.write(renderer.draw(frame, size: TerminalSize(columns: columns, rows: 40)))
                #expect(session.screen.lines == fresh.lines)
                #expect(session.screen.row == fresh.row && session.screen.column == fresh.column)
            }
        }
    }
}
