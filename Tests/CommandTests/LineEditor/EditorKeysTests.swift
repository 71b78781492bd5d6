import Testing

@testable import kafka_lua

/// What the keys do, as keystrokes and the text with its cursor.
@Suite struct EditorKeysTests {
    private func edited(_ keys: String, history: [String] = []) -> String {
        var session = EditingSession(history: history) { !$0.hasSuffix("…") }
        session.type(keys)
        return session.marked
    }

    @Test(arguments: [
        ("hello\u{01}x", "x|hello"),
        ("hello\u{01}\u{06}\u{06}\u{05}!", "hello!|"),
        ("hello\u{02}\u{02}x", "helx|lo"),
        ("one two three\u{1B}b\u{1B}b", "one |two three"),
        ("one two\u{01}\u{1B}f", "one| two"),
        ("one two\u{1B}[1;5D\u{1B}[1;5D", "|one two"),
        ("abc\u{7F}\u{7F}", "a|"),
        ("abc\u{01}\u{04}", "|bc"),
        ("abc\u{01}\u{1B}[3~", "|bc"),
        ("abc\u{02}\u{14}", "acb|"),
        ("abc\u{14}", "acb|"),
        ("a你😀\u{7F}", "a你|"),
        ("a你好\u{02}\u{7F}", "a|好"),
    ])
    func movingAndDeleting(keys: String, expected: String) {
        #expect(edited(keys) == expected)
    }

    @Test(arguments: [
        ("one two\u{17}\u{19}\u{19}", "one twotwo|"),
        ("one two\u{01}\u{0B}\u{19}", "one two|"),
        ("one two\u{15}", "|"),
        ("one two three\u{17}\u{17}\u{19}", "one two three|"),
        ("one two\u{01}\u{1B}d\u{1B}d\u{19}", "one two|"),
        ("one.two\u{1B}\u{7F}", "one.|"),
        ("a b\u{17}c\u{17}\u{19}\u{1B}y", "a b|"),
        ("a\u{1B}\rb\u{1B}[A\u{0B}", "a|b"),
        ("a\u{1B}\rb\u{01}\u{15}", "a|b"),
    ])
    func killingAndYanking(keys: String, expected: String) {
        #expect(edited(keys) == expected)
    }

    @Test(arguments: [
        ("hello\u{1F}", "|"),
        ("one\u{17}\u{1F}", "one|"),
        ("one\u{01}two\u{1F}", "|one"),
        ("one\u{17}\u{19}\u{1F}\u{1F}", "one|"),
        ("\u{1F}", "|"),
    ])
    func undoGoesBackOneChange(keys: String, expected: String) {
        #expect(edited(keys) == expected)
    }

    @Test func enterBeginsALineUntilTheBlockIsComplete() {
        var session = EditingSession { $0.hasSuffix("end") }
        session.type("while true do\r")
        #expect(session.marked == "while true do\n|")
        session.type("end\r")
        #expect(session.submitted == ["while true do\nend"])
    }

    @Test func aPastedBlockIsNotRunLineByLine() {
        var session = EditingSession()
        session.type("\u{1B}[200~a = 1\rb = 2\r\u{1B}[201~")
        #expect(session.submitted == [])
        #expect(session.marked == "a = 1\nb = 2\n|")
    }

    @Test func upAndDownMoveWithinABlockBeforeTheyMoveInTheHistory() {
        let up = "\u{1B}[A"
        let down = "\u{1B}[B"
        #expect(edited("abc\u{1B}\rde\(up)", history: ["old"]) == "ab|c\nde")
        #expect(edited("abc\u{1B}\rde\(up)\(up)", history: ["old"]) == "old|")
        #expect(edited("abc\u{1B}\rde\(up)\(up)\(down)", history: ["old"]) == "abc\nde|")
        #expect(edited("\(up)\(up)\(up)", history: ["one", "two\nlines"]) == "one|")
        #expect(edited("\(up)\(up)\(down)", history: ["one", "two"]) == "two|")
    }

    @Test func pageUpFindsBlocksWithTheSameBeginning() {
        let history = ["send a", "print(1)", "send b", "flush()"]
        #expect(edited("se\u{1B}[5~", history: history) == "se|nd b")
        #expect(edited("se\u{1B}[5~\u{1B}[5~", history: history) == "se|nd a")
        #expect(edited("se\u{1B}[5~\u{1B}[5~\u{1B}[6~", history: history) == "se|nd b")
        #expect(edited("se\u{1B}[5~\u{1B}[6~", history: history) == "se|")
    }

    @Test func controlRSearchesTheHistory() {
        let history = ["send{topic='a'}", "print(1)", "send{topic='b'}"]
        #expect(edited("\u{12}send", history: history) == "|send{topic='b'}")
        #expect(edited("\u{12}send\u{12}", history: history) == "|send{topic='a'}")
        #expect(edited("\u{12}send\u{12}\u{13}", history: history) == "|send{topic='b'}")
        #expect(edited("\u{12}send\u{05}!", history: history) == "send{topic='b'}!|")
        #expect(edited("draft\u{12}send\u{07}", history: history) == "draft|")
        #expect(edited("draft\u{12}zzz", history: history) == "draft|")
    }

    @Test func enterRunsWhatTheSearchFound() {
        var session = EditingSession(history: ["print(1)", "flush()"])
        session.type("\u{12}pri\r")
        #expect(session.submitted == ["print(1)"])
    }

    @Test func controlDEndsOnlyAnEmptyLine() {
        var session = EditingSession()
        session.type("a\u{04}")
        #expect(session.lastAction == .beep)
        session.type("\u{7F}\u{04}")
        #expect(session.lastAction == .endOfInput)
    }

    @Test(arguments: [("\u{03}", EditorState.Action.cancel), ("\u{0C}", .clearScreen), ("\t", .complete)])
    func someKeysAreTheOwnersToHandle(keys: String, action: EditorState.Action) {
        var session = EditingSession()
        session.type("text" + keys)
        #expect(session.lastAction == action)
    }

    @Test func aCompletionReplacesWhatItCompletes() {
        var state = EditorState()
        _ = state.apply(.text("x = kafka.pro"), isComplete: { _ in true })
        #expect(state.apply(Completion(replacing: 10..<13, candidates: ["producer"])) == [])
        #expect(state.buffer.text == "x = kafka.producer")
    }

    @Test func severalCompletionsGiveWhatTheyShareThenTheirList() {
        var state = EditorState()
        _ = state.apply(.text("pr"), isComplete: { _ in true })
        let candidates = ["print", "printf"]
        #expect(state.apply(Completion(replacing: 0..<2, candidates: candidates)) == [])
        #expect(state.buffer.text == "print")
        #expect(state.apply(Completion(replacing: 0..<5, candidates: candidates)) == candidates)
        #expect(state.apply(.none) == [])
        #expect(state.apply(Completion(replacing: 3..<99, candidates: ["nter"])) == [])
        #expect(state.buffer.text == "printer")
    }
}
