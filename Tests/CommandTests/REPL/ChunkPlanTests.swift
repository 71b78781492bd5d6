import Testing

@testable import kafka_lua

@Suite struct ChunkPlanTests {
    private func plan(_ block: String) -> ChunkPlan { ChunkPlan(block, check: ScriptedLua.check) }

    @Test(arguments: ["", "  ", "\n\t\n"])
    func nothingIsBlank(block: String) {
        #expect(plan(block) == .blank)
    }

    @Test func anExpressionIsReturned() {
        #expect(plan("1 + 1") == .run(source: "return 1 + 1", printsResult: true))
        #expect(plan("=x") == .run(source: "return x", printsResult: true))
        #expect(plan("  = x") == .run(source: "return  x", printsResult: true))
    }

    @Test func statementsAreRunAsTheyAre() {
        #expect(plan("x = 1") == .run(source: "x = 1", printsResult: true))
        #expect(plan("for i do\nend") == .run(source: "for i do\nend", printsResult: true))
    }

    @Test func aSemicolonSuppressesTheResult() {
        #expect(plan("f();") == .run(source: "return f();", printsResult: false))
        #expect(plan("f() ; ") == .run(source: "return f() ; ", printsResult: false))
    }

    @Test func whatTheCompilerWantsMoreOfIsIncomplete() {
        #expect(plan("for i do") == .incomplete)
        #expect(plan("f(1,") == .incomplete)
        #expect(plan("=f(1,") == .incomplete)
    }

    @Test func theErrorIsThatOfTheStatement() {
        #expect(plan("bad") == .wrong(source: "bad", Failure("syntax error near 'bad'")))
        guard case .wrong(let source, _) = plan(" = bad") else {
            Issue.record("it was taken")
            return
        }
        #expect(source == "= bad")
    }

    @Test(arguments: [
        ("\\q", BackslashCommand.Action.quit, []), ("\\help topics", .help, ["topics"]),
        (#"\send orders "two words" k1"#, .send, ["orders", "two words", "k1"]),
        ("\\send t 'a\"b'", .send, ["t", "a\"b"]), ("\\", .help, []), ("help", .help, []), ("exit", .quit, []),
        ("\\? lua", .help, ["lua"]), ("\\source  x.lua ", .source, ["x.lua"]),
    ])
    func aBackslashBeginsACommand(line: String, action: BackslashCommand.Action, arguments: [String]) {
        #expect(plan(line) == .command(.init(action: action, arguments: arguments)))
    }

    @Test(arguments: ["\\nothing", "\\source", "\\q now", "\\send orders"])
    func aWrongCommandSaysWhatIsRight(line: String) {
        guard case .invalid(let failure) = plan(line) else {
            Issue.record("it was taken")
            return
        }
        #expect(failure.hint?.contains("\\") == true)
    }

    @Test func everyCommandHasHelpAndAnExampleThatWorks() {
        for command in BackslashCommand.table {
            #expect(command.help.contains(command.example))
            guard case .command(let call) = BackslashCommand.parse(command.example) else {
                Issue.record("\(command.example) is no call")
                continue
            }
            #expect(call.action == command.action)
        }
    }
}
