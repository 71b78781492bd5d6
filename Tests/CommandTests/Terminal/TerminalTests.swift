import ChildProcess
import DevBroker
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The prompt in a terminal, as a new user tries it, in a large window and in a small one.
@Suite(.serialized) struct TerminalTests {
    struct Size: CustomTestStringConvertible, Sendable {
        var columns, rows: Int
        var testDescription: String { "\(columns)×\(rows)" }
    }

    private static let sizes = [Size(columns: 80, rows: 24), Size(columns: 40, rows: 12)]
    private static let (up, controlC, controlD, controlR) = ("\u{1B}[A", "\u{03}", "\u{04}", "\u{12}")

    private func withBroker(_ body: (DevBroker) async throws -> Void) async throws {
        let broker = DevBroker()
        try await broker.start()
        try await body(broker)
        try await broker.shutdown()
    }

    private func quit(_ terminal: consuming TerminalScreen, status: Int32 = 0) throws {
        terminal.type(Self.controlD)
        #expect(try terminal.finish().status == status)
    }

    @Test(arguments: sizes) func recordsAreSentAndReadAgain(size: Size) async throws {
        var terminal = try TerminalScreen(columns: size.columns, rows: size.rows)
        try terminal.enter(#"send("orders", "k1", "hello")"#)
        try terminal.wait(for: "✓ orders-")
        try terminal.enter(#"for i = 2, 3 do send("orders", "k" .. i, "你好 " .. i):get() end"#)
        try terminal.wait { screen in screen.lines.count { $0.contains("✓") } == 3 }
        try terminal.enter(#"tail("orders")"#)
        try terminal.expect("records")
        try quit(terminal)
    }

    @Test(arguments: sizes) func errorsShowThePlaceAndWhatToDo(size: Size) async throws {
        var terminal = try TerminalScreen(columns: size.columns, rows: size.rows)
        try terminal.enter("x = 1 +* 2")
        try terminal.wait(for: "^")
        try terminal.enter("kafka.send('t')")
        try terminal.wait(for: "hint:")
        try terminal.enter("\\topcs")
        try terminal.expect("errors")
        try quit(terminal)
    }

    @Test(arguments: sizes) func theHistoryOutlivesThePrompt(size: Size) async throws {
        let folder = try TemporaryFolder()
        let environment = ["XDG_STATE_HOME": folder.path]
        try await withBroker { broker in
            let arguments = ["-b", broker.bootstrapServers]
            var first = try TerminalScreen(
                arguments, environment: environment, columns: size.columns, rows: size.rows)
            for line in ["a = 'first'", "for i = 1, 2 do\rend", "c = 'third'"] { try first.enter(line) }
            try first.prompt()
            try quit(first)
            var second = try TerminalScreen(
                arguments, environment: environment, columns: size.columns, rows: size.rows)
            try second.prompt()
            second.type(Self.up + Self.up)
            try second.expect("history")
            second.type(Self.controlC)
            try second.wait(for: "quits")
            try second.prompt()
            second.type(Self.controlR + "fir")
            try second.expect("search")
            // Ctrl-G leaves the search.
            second.type("\u{07}")
            try second.prompt()
            try quit(second)
        }
    }

    @Test(arguments: sizes) func topicsKeysAndNamesAreCompleted(size: Size) async throws {
        try await withBroker { broker in
            var terminal = try TerminalScreen(
                ["-b", broker.bootstrapServers], columns: size.columns, rows: size.rows)
            try terminal.enter("send('orders', 'k', 'v'):get() send('orders.dlq', 'k', 'v'):get();")
            try terminal.wait(for: "✓ orders.dlq")
            try terminal.prompt()
            terminal.type("\\tail ord\t")
            try terminal.wait { $0.lines.last?.hasSuffix("orders") == true }
            terminal.type("\t")
            try terminal.expect("topics")
            terminal.type("\u{15}kafka.producer{[\"linge\t\"] = 5, [\"compression.type\"] = \"z\t\"} kafka.jso\t")
            try terminal.expect("keys")
            terminal.type("\u{15}")
            try quit(terminal)
        }
    }

    @Test(arguments: sizes) func deliveriesLeaveTheLineThatIsTypedAsItWas(size: Size) async throws {
        let folder = try TemporaryFolder()
        try await withBroker { broker in
            var terminal = try TerminalScreen(
                ["-b", broker.bootstrapServers], in: folder.path, columns: size.columns, rows: size.rows)
            try terminal.enter(
                "kafka.every(0.01, function(t) if io.open('go') then t:cancel() for i = 1, n or 1 do "
                    + "send('orders', 'k', 'v') end end end);")
            try terminal.prompt()
            let line = "x = '" + String(repeating: "你好 wide ", count: 10)
            terminal.type(line + "\u{1B}b\u{1B}b")
            try terminal.expect("half-typed")
            _ = try folder.write([], to: "go")
            try terminal.expect("delivered-above")
            terminal.type("|")
            try terminal.expect("typed-on")
            terminal.type("\u{05}\u{15}")
            try terminal.prompt()
            try terminal.enter(
                "n = 1240 kafka.every(0.01, function(t) t:cancel() for i = 1, n do send('orders', 'k', 'v') end end);")
            try terminal.wait { $0.lines.contains { $0.contains(" delivered") } }
            try terminal.prompt()
            try quit(terminal)
        }
    }

    /// What goes wrong in a callback, and what is logged, does not disturb the line either.
    @Test func errorsOfCallbacksAppearAboveThePrompt() async throws {
        try await withBroker { broker in
            let folder = try TemporaryFolder()
            var terminal = try TerminalScreen(["-b", broker.bootstrapServers], in: folder.path, columns: 40, rows: 12)
            try terminal.enter("kafka.every(0.01, function(t) if io.open('go') then t:cancel() error('late') end end);")
            try terminal.prompt()
            terminal.type("half a li")
            try terminal.wait(for: "kafka> half a li")
            _ = try folder.write([], to: "go")
            try terminal.expect("callback-error")
            terminal.type("\u{15}")
            try quit(terminal)
        }
    }

    @Test(arguments: sizes) func controlCEndsLoopsAndWaits(size: Size) async throws {
        var terminal = try TerminalScreen(columns: size.columns, rows: size.rows)
        let lines = ["while true do end", "kafka.sleep(1000)", "pcall(function() while true do end end)"]
        for (number, line) in lines.enumerated() {
            // Typed before the line runs it would be a key of the editor's.
            try terminal.enter("print('begun ' .. \(number)) \(line)")
            try terminal.wait(for: "begun \(number)")
            terminal.type(Self.controlC)
        }
        try terminal.prompt()
        terminal.type("half a li")
        try terminal.wait(for: "half a li")
        terminal.type(Self.controlC)
        try terminal.expect("interrupted")
        terminal.type(Self.controlC)
        #expect(try terminal.finish().status == 130)
    }

    @Test(arguments: sizes) func whatIsNotDeliveredAtTheEndIsNamed(size: Size) async throws {
        let broker = DevBroker()
        try await broker.start()
        let settings = ["linger.ms=0", "request.timeout.ms=500", "delivery.timeout.ms=1000"].flatMap { ["-X", $0] }
        var terminal = try TerminalScreen(
            ["-b", broker.bootstrapServers] + settings, columns: size.columns, rows: size.rows)
        try terminal.enter("send('orders', 'k', 'v'):get();")
        try terminal.wait(for: "✓")
        try await broker.shutdown()
        try terminal.enter("for i = 1, 3 do send('orders', 'k', 'v') end")
        try terminal.prompt()
        terminal.type(Self.controlD)
        try terminal.wait(for: "orders: 3 records were not")
        #expect(try terminal.finish().status == 1)
    }

    private static let endings = [SIGTERM, SIGHUP]

    @Test(arguments: endings) func aSignalDeliversAndGivesTheTerminalBack(signal: Int32) async throws {
        try await withBroker { broker in
            let patient = ["-X", "linger.ms=600000", "-X", "delivery.timeout.ms=900000"]
            var terminal = try TerminalScreen(["-b", broker.bootstrapServers] + patient, columns: 80, rows: 24)
            try terminal.enter("sent = send('orders', 'k', 'v')")
            try terminal.prompt()
            terminal.type("half a li")
            try terminal.wait(for: "half a li")
            terminal.signal(signal)
            try terminal.wait { !$0.marksPastes }
            #expect(try terminal.finish().status == 128 + signal)
            #expect(try (0..<3).reduce(0) { try $0 + broker.records(topic: "orders", partition: $1).count } == 1)
        }
    }

    /// What is left is named, though what runs or waits would go on.
    @Test(arguments: endings, ["", " while true do end"]) func aSignalWaitsAShortTime(
        signal: Int32, line: String
    ) async throws {
        let broker = DevBroker()
        try await broker.start()
        var terminal = try TerminalScreen(["-b", broker.bootstrapServers], columns: 80, rows: 24)
        try terminal.enter("send('orders', 'k', 'v'):get();")
        try terminal.wait(for: "✓")
        try await broker.shutdown()
        try terminal.enter("for i = 1, 3 do send('orders', 'k', 'v') end print('begun')\(line)")
        try terminal.wait { $0.lines.contains("begun") }
        terminal.signal(signal)
        try terminal.wait(for: "orders: 3 records were not")
        #expect(try terminal.finish().status == 128 + signal)
    }

    @Test func theLineIsDrawnAnewWhenTheWindowChanges() async throws {
        try await withBroker { broker in
            var terminal = try TerminalScreen(["-b", broker.bootstrapServers], columns: 80, rows: 24)
            try terminal.enter("print('above')")
            try terminal.prompt()
            terminal.type("x = '" + String(repeating: "你好 wide ", count: 10))
            try terminal.expect("before-resize")
            terminal.resize(columns: 40, rows: 12)
            try terminal.expect("narrower")
            terminal.resize(columns: 80, rows: 24)
            try terminal.expect("wider")
            terminal.type("\u{15}")
            try quit(terminal)
        }
    }

    @Test(arguments: sizes) func twoHundredLinesArePasted(size: Size) async throws {
        var terminal = try TerminalScreen(columns: size.columns, rows: size.rows)
        try terminal.prompt()
        let lines = (1...200).map { "sum = (sum or 0) + \($0)" }.joined(separator: "\r")
        terminal.type("\u{1B}[200~\(lines)\u{1B}[201~")
        try terminal.expect("pasted")
        terminal.type("\r")
        try terminal.enter("sum")
        try terminal.expect("pasted-and-run")
        try quit(terminal)
    }

    @Test(arguments: sizes) func aPartitionerIsExchanged(size: Size) async throws {
        let folder = try TemporaryFolder()
        for partition in 0...2 {
            let text = "return { partition = function() return \(partition) end }"
            _ = try folder.write(Array(text.utf8), to: "to_\(partition).lua")
        }
        try await withBroker { broker in
            var terminal = try TerminalScreen(
                ["-b", broker.bootstrapServers], in: folder.path, columns: size.columns, rows: size.rows)
            for partition in [1, 2] {
                try terminal.enter("\\swap partitioner to_\(partition).lua")
                try terminal.enter("send('orders', 'k1', 'v')")
                try terminal.wait(for: "✓ orders-\(partition) @ 0")
            }
            try terminal.enter("\\rollback partitioner")
            try terminal.enter("send('orders', 'k1', 'v')")
            try terminal.expect("swapped")
            try quit(terminal)
        }
    }

    /// What a person who writes a partitioner looks at. Times differ, so the rows above the bars do not count.
    @Test(arguments: sizes) func theBarsShowWhatAPartitionerDoes(size: Size) async throws {
        let folder = try TemporaryFolder()
        let text = "return { partition = function(record) return record:key_is('k7') and 2 or nil end }"
        _ = try folder.write(Array(text.utf8), to: "vip.lua")
        var terminal = try TerminalScreen(in: folder.path, columns: size.columns, rows: size.rows)
        try terminal.enter(
            "function go() for i = 1, 800 do send('orders', 'k' .. (i % 2 == 0 and i or 7), 'v') end flush() end")
        for name in ["bars-before", "bars-after"] {
            try terminal.enter("go()")
            try terminal.enter("\\stats")
            try terminal.expect(name, from: "partitions")
            try terminal.enter("\\stats --reset")
            try terminal.enter("\\swap partitioner vip.lua")
        }
        try quit(terminal)
    }

    @Test(arguments: sizes) func aTopicIsFollowedUntilControlC(size: Size) async throws {
        try await withBroker { broker in
            var terminal = try TerminalScreen(
                ["-b", broker.bootstrapServers], columns: size.columns, rows: size.rows)
            try terminal.enter("\\send orders first k1")
            try terminal.wait(for: "✓")
            try terminal.enter("\\tail orders")
            try terminal.wait(for: "VALUE")
            let sent = try await Program.run(
                "send", "-b", broker.bootstrapServers, "-t", "orders", "-k", "k1", "second")
            #expect(sent.status == 0)
            try terminal.wait { $0.lines.contains { $0.contains("second") } }
            terminal.type(Self.controlC)
            try terminal.prompt()
            try quit(terminal)
        }
    }

    @Test func aBlockIsEditedElsewhere() async throws {
        try await withBroker { broker in
            let folder = try TemporaryFolder()
            _ = try folder.write(Array("#!/bin/sh\nsed -i.bak s/one/two/ \"$1\"\n".utf8), to: "editor")
            var terminal = try TerminalScreen(
                ["-b", broker.bootstrapServers], in: folder.path,
                environment: ["EDITOR": "sh editor", "TMPDIR": folder.path], columns: 40, rows: 12)
            try terminal.enter("'one' .. ' and more'")
            try terminal.wait(for: "\"one and more\"")
            try terminal.enter("\\edit")
            try terminal.expect("edited")
            terminal.type(Self.up)
            try terminal.wait { $0.lines.last == "kafka> 'two' .. ' and more'" }
            terminal.type("\u{15}")
            try quit(terminal)
        }
    }

    @Test(arguments: sizes) func helpFitsTheWindow(size: Size) async throws {
        var terminal = try TerminalScreen(columns: size.columns, rows: size.rows)
        try terminal.enter("\\help send")
        try terminal.expect("help")
        try quit(terminal)
    }
}
