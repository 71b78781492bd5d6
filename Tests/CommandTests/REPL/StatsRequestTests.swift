import ChildProcess
import Testing

@testable import kafka_lua

@Suite struct StatsRequestTests {
    @Test(arguments: [
        ("", StatsRequest.draw), ("--reset", .reset), ("--html a.html", .page(path: "a.html")), ("--html", nil),
        ("now", nil), ("--reset now", nil),
    ])
    func itIsToldWhatToDo(_ call: (words: String, request: StatsRequest?)) {
        #expect(StatsRequest(Words.split(call.words)) == call.request)
    }

    @Test func thePromptDrawsWhatWasSentAndBeginsAnew() async throws {
        let environment = Program.environment.merging(["LC_ALL": "C.UTF-8"]) { _, own in own }
        var terminal = try PseudoTerminal(Program.path(), environment: environment)
        _ = try terminal.read(upTo: "kafka> ")
        terminal.type("for i = 1, 30 do send('orders', 'k', 'v') end flush() print('all ' .. 'sent')\r")
        _ = try terminal.read(upTo: "all sent", within: .seconds(30))
        _ = try terminal.read(upTo: "kafka> ")
        terminal.type("\\stats\r")
        let text = try terminal.read(upTo: "2 of 3 empty", within: .seconds(30))
        for part in ["records/s  most", "latency  p50", "partitions  orders, skew 3.00×"] {
            #expect(text.contains(part), "\(part)")
        }
        _ = try terminal.read(upTo: "kafka> ")
        terminal.type("\\stats --reset\r")
        _ = try terminal.read(upTo: "counting anew")
        terminal.type("\\stats\r")
        _ = try terminal.read(upTo: "nothing was sent", within: .seconds(30))
    }
}
