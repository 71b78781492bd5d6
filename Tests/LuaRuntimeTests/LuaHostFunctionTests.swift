import LuaRuntime
import Synchronization
import Testing

@Suite struct LuaHostFunctionTests {
    let state: LuaState

    init() throws {
        state = try LuaState(limits: LuaLimits(memory: 8 << 20))
    }

    func set(_ name: String, _ body: @escaping LuaHostFunction) throws {
        try state.setGlobal(name) { $0.append(function: name, body) }
    }

    @Test func argumentsGoInAndResultsComeOut() throws {
        try set("add") { arguments, results in
            results.append(try arguments.integer(arguments[1]) + arguments.integer(arguments[2]))
            results.append("done")
        }
        #expect(try state.run("return add(2, 3)", name: "=x") == [5, "done"])
    }

    @Test func stringsAreBorrowedWhole() throws {
        try set("sum") { arguments, results in
            let bytes = try arguments.bytes(arguments[1])
            var sum = 0
            for index in bytes.byteOffsets { sum += Int(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)) }
            results.append(sum)
            results.append(bytes)
        }
        #expect(try state.run("return sum('\\0\\255\\1')", name: "=x") == [256, .string([0, 255, 1])])
    }

    @Test func wrongArgumentIsNamedAsLuaNamesIt() throws {
        try set("send") { arguments, _ in
            _ = try arguments.string(arguments[1])
            _ = try arguments.integer(arguments[2])
        }
        let cases = [
            ("send(nil)", "bad argument #1 to 'send' (string expected, got nil)"),
            ("send()", "bad argument #1 to 'send' (string expected, got no value)"),
            ("send(12)", "bad argument #1 to 'send' (string expected, got number)"),
            ("send('a', 1.5)", "bad argument #2 to 'send' (number has no integer representation)"),
            ("send('a', '1')", "bad argument #2 to 'send' (integer expected, got string)"),
            ("send('a', io.stdout)", "bad argument #2 to 'send' (integer expected, got FILE*)"),
        ]
        for (text, message) in cases {
            let error = try luaError { try state.run("\n" + text, name: "@a.lua") }
            #expect(error.message == message)
            #expect(error.line == 2)
        }
    }

    @Test func wrongFieldIsNamed() throws {
        try set("send") { arguments, _ in
            _ = try arguments.string(arguments.field("topic", of: arguments[1]))
        }
        #expect(
            try luaError { try state.run("send{ topic = 3 }", name: "=x") }.message
                == "field 'topic' of argument #1 must be a string, got number")
        #expect(
            try luaError { try state.run("send{}", name: "=x") }.message
                == "field 'topic' of argument #1 must be a string, got nil")
        #expect(
            try luaError { try state.run("send('x')", name: "=x") }.message
                == "bad argument #1 to 'send' (table expected, got string)")
    }

    @Test func failureInsidePcallHasRunTheDefers() throws {
        let deferred = Mutex(0)
        try set("fail") { _, _ in
            defer { deferred.withLock { $0 += 1 } }
            throw LuaError("no leader")
        }
        let results = try state.run("return pcall(function() fail() end)", name: "@a.lua")
        #expect(results == [false, "a.lua:1: no leader"])
        #expect(deferred.withLock { $0 } == 1)
    }

    @Test func failureThousandsOfTimesLeavesNothing() throws {
        try set("fail") { _, results in
            results.append([UInt8](repeating: 0, count: 1000))
            throw LuaError("no")
        }
        #expect(
            try state.evaluate("local n = 0 for i = 1, 20000 do if not pcall(fail) then n = n + 1 end end return n")
                == 20_000)
    }

    @Test func errorTableReachesTheScriptAndComesBack() throws {
        struct Refused: LuaRaisable {
            var luaValue: LuaValue { .table(LuaTable(fields: ["code": 41, "message": "not leader"])) }
        }
        try set("fail") { _, _ in throw Refused() }
        #expect(try state.evaluate("local ok, e = pcall(fail) return e.code") == 41)
        let error = try luaError { try state.run("fail()", name: "@a.lua") }
        #expect(error.message == "not leader")
        #expect(error["code"] == 41)
        #expect(error.line == 1)
    }

    @Test func otherErrorsAreDescribed() throws {
        struct Odd: Error, CustomStringConvertible { var description: String { "odd" } }
        try set("fail") { _, _ in throw Odd() }
        #expect(try luaError { try state.run("fail()", name: "=x") }.message == "odd")
    }

    @Test func hostFunctionMayCallBack() throws {
        try set("twice") { arguments, results in
            let function = try arguments.function(arguments[1])
            results.append("first")
            for _ in 0..<2 { try arguments.state.call(function, [1]) }
            results.append(try arguments.string(arguments[2]))
        }
        let text = "local n = 0 local a, b = twice(function(x) n = n + x end, 'last') return n, a, b"
        #expect(try state.run(text, name: "=x") == [2, "first", "last"])
    }

    @Test func errorPassesThroughHostAndLuaFramesInTurn() throws {
        let deferred = Mutex(0)
        try set("through") { arguments, results in
            defer { deferred.withLock { $0 += 1 } }
            try arguments.state.call(arguments.function(arguments[1]))
        }
        let text = "through(function() through(function() through(function()\nerror{ code = 9 } end) end) end)"
        let error = try luaError { try state.run(text, name: "@a.lua") }
        #expect(error["code"] == 9)
        #expect(deferred.withLock { $0 } == 3)
    }

    @Test func hostFunctionInACoroutineMayCallBack() throws {
        try set("call") { arguments, results in
            for value in try arguments.state.call(arguments.function(arguments[1])) { results.append(value) }
        }
        let text = """
            local co = coroutine.wrap(function()
                local x = call(function() return call(function() return 5 end) end)
                coroutine.yield(x)
                call(function() error('inside') end)
            end)
            return co(), pcall(co)
            """
        #expect(try state.run(text, name: "@a.lua").prefix(2) == [5, false])
        let yielding = "return coroutine.wrap(function() call(coroutine.yield) end)()"
        #expect(try luaError { try state.run(yielding, name: "=x") }.message.contains("yield across"))
    }

    @Test func endlessRecursionThroughTheHostIsAnError() throws {
        try set("call") { arguments, _ in try arguments.state.call(arguments.function(arguments[1])) }
        let error = try luaError { try state.run("local function f() call(f) end f()", name: "=x") }
        #expect(error.message.contains("stack overflow"))
        #expect(try state.evaluate("return 1") == 1)
    }

    @Test func resultsThatDoNotFitAreAnErrorInLua() throws {
        try set("big") { _, results in results.append([UInt8](repeating: 1, count: 16 << 20)) }
        #expect(try state.run("return pcall(big)", name: "=x") == [false, "not enough memory"])
    }

    @Test func tablesAreBuiltAndRead() throws {
        try set("metadata") { arguments, results in
            results.appendTable(fields: 3) { table in
                table.field("topic", "orders")
                table.field("partition", 3)
                table.append(literal: "offsets")
                table.appendTable(items: 2) { list in
                    list.append(1)
                    list.append(Int64(10))
                    list.append(2)
                    list.append(11.5)
                }
            }
        }
        let text = "local m = metadata() return m.topic, m.partition, m.offsets[1], m.offsets[2], #m.offsets"
        #expect(try state.run(text, name: "=x") == ["orders", 3, 10, 11.5, 2])
    }

    @Test func pairsAreVisitedUntilTheBodyIsDone() throws {
        try set("keys") { arguments, results in
            var keys: [String] = []
            try arguments.forEach(of: arguments[1]) { (key, value) throws(LuaError) in
                keys.append(try arguments.string(key))
                return arguments.truth(value)
            }
            results.append(keys.sorted().joined(separator: ","))
        }
        #expect(try state.evaluate("return keys{ a = 1, b = 2, c = 3 }") == "a,b,c")
        #expect(try luaError { try state.run("keys{ 1 }", name: "=x") }.message.contains("string expected, got number"))
    }

    @Test func tableChangedWhileItIsVisitedIsNoCrash() throws {
        try set("visit") { arguments, results in
            let change = try arguments.function(arguments[2])
            var count = 0
            try arguments.forEach(of: arguments[1]) { (_, _) throws(LuaError) in
                count += 1
                try arguments.state.call(change)
                return count < 1000
            }
            results.append(count)
        }
        let text = """
            local t = { a = 1, b = 2, c = 3 }
            return visit(t, function() for k in pairs(t) do t[k] = nil end for i = 1, 100 do t['k' .. i] = i end collectgarbage() end)
            """
        guard case .integer(let count) = try state.evaluate(text) else { throw LuaError("no count") }
        #expect(count > 0)
    }

    @Test func manyFieldsOfOneCallFit() throws {
        try set("total") { arguments, results in
            var total: Int64 = 0
            for number in 1...(try arguments.itemCount(arguments[1])) {
                total += try arguments.integer(arguments.item(number, of: arguments[1]))
            }
            results.append(total)
        }
        #expect(try state.evaluate("local t = {} for i = 1, 5000 do t[i] = i end return total(t)") == 12_502_500)
    }

    @Test func debugLibraryCannotForgeAHostFunction() throws {
        try set("host") { _, results in results.append(1) }
        let text = "return pcall(debug.setupvalue, host, 1, io.stdout)"
        #expect(try state.run(text, name: "=x").first == false)
    }
}
