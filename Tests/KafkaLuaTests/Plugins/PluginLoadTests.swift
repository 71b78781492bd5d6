import LuaRuntime
import Testing

/// Plugins that cannot be used are refused when they are loaded, by file and line, and leave all as it was.
@Suite struct PluginLoadTests {
    struct Flaw: Sendable, CustomTestStringConvertible {
        var source: String
        /// What the message holds beside the file's name.
        var message: String
        var line: Int?

        init(_ source: String, _ message: String, line: Int? = nil) {
            (self.source, self.message, self.line) = (source, message, line)
        }

        var testDescription: String { source }
    }

    static let flaws: [Flaw] = [
        Flaw("return {\n partition = function(r, n)", "'end' expected near <eof>", line: 2),
        Flaw("local x = = 1", "unexpected symbol near '='", line: 1),
        Flaw("\u{1b}Lua", "attempt to load a binary chunk (mode is 't')"),
        Flaw(
            "", "must return a table of functions, such as { partition = function(r, n) … end }, and returned no"),
        Flaw("return 5", "returned number"),
        Flaw("return {}", "the table that it returned has no function 'partition'"),
        Flaw("return { on_send = print }", "has no function 'partition'"),
        Flaw("return { partition = 5 }", "'partition' must be a function, got number"),
        Flaw("return { partition = print, on_load = 'x' }", "'on_load' must be a function, got string"),
        Flaw(
            "return { partition = print, partition_by = 'value' }",
            "'partition_by' must be 'key', or be left out, got value"),
        Flaw("return { partition = print, partition_by = true }", "must be 'key', or be left out, got boolean"),
        Flaw(
            "return { partition = print, partition_by = 'key', on_new_batch = print }",
            "with partition_by = 'key' there is no choice left for 'on_new_batch'"),
        Flaw(
            "return { partition_by = 'key', partition = function(r) return #r.value end }",
            "with partition_by = 'key' there are topic and key of a record alone, not 'value'", line: 1),
        Flaw("\nerror('at once')", "at once", line: 2),
        Flaw("error({ message = 'a table' })", "a table", line: 1),
        Flaw("return { partition = function()\n error('probed') end }", "probed", line: 2),
        Flaw(
            "\nreturn { partition = function() return 8 end }",
            "partition returned 8, but the topic has partitions 0 to 7", line: 2),
        Flaw("return { partition = function() return -1 end }", "partition returned -1, but the topic has", line: 1),
        Flaw(
            "return { partition = function() return '1' end }", "partition must return an integer or nil, got string",
            line: 1),
        Flaw(
            "return { partition = function() return 1.5 end }", "partition must return an integer or nil, got 1.5",
            line: 1),
        Flaw(
            "return { partition = function() return 0/0 end }", "partition must return an integer or nil", line: 1),
        Flaw(
            "return { partition = function() return {} end }", "partition must return an integer or nil, got table",
            line: 1),
        Flaw(
            "return { partition = function() return true end }", "partition must return an integer or nil, got boolean",
            line: 1),
        Flaw("\n\nwhile true do end", "time limit exceeded", line: 3),
        Flaw("pcall(function() while true do end end)\nwhile true do end", "time limit exceeded", line: 2),
        Flaw("return { partition = function() while true do end end }", "time limit exceeded", line: 1),
        Flaw("local s = ('x'):rep(1 << 27)", "not enough memory"),
        Flaw("return { partition = print, configure = function() error('unconfigured') end }", "unconfigured", line: 1),
        Flaw("return { partition = function() end, on_load = function() error('unloaded') end }", "unloaded", line: 1),
        Flaw("return { partition = function(r) r.value = 'x' end }", "the record is read-only in this hook", line: 1),
        Flaw("return { partition = function(r) return r.colour end }", "a record has no field 'colour'", line: 1),
        Flaw("require 'socket'", "module 'socket' is not available to a plugin", line: 1),
        Flaw("io.write('x')", "attempt to index a nil value (global 'io')", line: 1),
        Flaw("os.execute('true')", "attempt to call a nil value (field 'execute')", line: 1),
        Flaw("kafka.producer{}", "attempt to call a nil value (field 'producer')", line: 1),
    ]

    @Test(arguments: flaws) func aFlawIsRefusedByFileAndLine(_ flaw: Flaw) async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let flawed = try scripts.write(flaw.source, to: "flawed.lua")
        let sound = try scripts.write("return { partition = function() return 1 end }", to: "sound.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local sound, flawed = ...
            local ok, raised = pcall(kafka.producer, { partitioner = flawed })
            assert(not ok)
            local p <close> = kafka.producer{ partitioner = sound }
            local generation, err = p:swap("partitioner", flawed)
            assert(generation == nil and err.name == "ILLEGAL_ARGUMENT")
            assert(p:generation("partitioner") == 1)
            assert(p:send("t", "k", "v"):get().partition == 1)
            return raised, err.message
            """, arguments: [sound, flawed])
        #expect(transcript.error == nil)
        let place = flaw.line.map { "\(flawed):\($0): " } ?? "\(flawed): "
        for text in transcript.texts {
            #expect(text.contains(flaw.message))
            #expect(text.contains(place))
        }
        #expect(transcript.texts.count == 2)
    }

    @Test func anInterceptorNeedsAHookOfItsOwn() async throws {
        let scripts = try TemporaryScripts()
        let path = try scripts.write("return { partition = print }", to: "p.lua")
        let transcript = try await ScriptRunner().run("kafka.producer{ interceptors = { ... } }", arguments: [path])
        let message = try #require(transcript.error?.message)
        #expect(message.contains("\(path): the table that it returned has no function 'on_send' or 'on_ack'"))
    }

    @Test func theFileIsReadAnewAtEachSwap() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let path = try scripts.write("return { partition = function() return 0 end }", to: "p.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local path = ...
            local p <close> = kafka.producer{ partitioner = path }
            local function write(text) local f <close> = assert(io.open(path, "w")); f:write(text) end
            assert(p:send("t", "k", "v"):get().partition == 0)
            write("return { partition = function() return 2 end }")
            assert(p:send("t", "k", "v"):get().partition == 0)
            assert(p:swap("partitioner", path) == 2)
            assert(p:send("t", "k", "v"):get().partition == 2)
            os.remove(path)
            local generation, err = p:swap("partitioner", path)
            assert(p:send("t", "k", "v"):get().partition == 2)
            return err.message
            """, arguments: [path])
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["cannot read \(path): No such file or directory"])
    }

    @Test func theGlobalProducerIsSwappedTooAndPluginsHaveTheTimeAndNull() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let path = try scripts.write(
            """
            local kafka, before = require "kafka", kafka.now()
            return { partition = function()
              assert(kafka.now() >= before and math.type(before) == "integer")
              assert(tostring(kafka.null) == "kafka.null" and kafka.send == nil)
              return 2
            end }
            """, to: "p.lua")
        let transcript = try await ScriptRunner(broker).run(
            "assert(swap('partitioner', ...) == 1); return send('t', 'k', 'v'):get().partition", arguments: [path])
        #expect(transcript.error == nil)
        #expect(transcript.texts == ["2"])
    }
}
