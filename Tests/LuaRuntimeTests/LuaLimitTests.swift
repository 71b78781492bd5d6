import Foundation
import LuaRuntime
import Testing

@Suite struct LuaLimitTests {
    @Test(arguments: [
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "local s = 'x' while true do s = s .. s end",
        "return ('x'):rep(1 << 30)",
        "local t = {} while true do t = { t, t, t } end",
        "while true do pcall(string.rep, 'x', 1 << 30) end",
    ])
    func memoryLimitIsAnErrorAndTheStateGoesOn(text: String) throws {
        let state = try LuaState(profile: .plugin, limits: LuaLimits(memory: 1 << 20, time: .milliseconds(300)))
        let error = try luaError { try state.run(text, name: "=x") }
        #expect(error.kind == .memory || error.kind == .timeout)
        #expect(state.peakMemory <= 1 << 20)
        #expect(try state.evaluate("return 1 + 1") == 2)
    }

    @Test func argumentsThatDoNotFitAreAnError() throws {
        let state = try LuaState(limits: LuaLimits(memory: 256 << 10))
        let length = try state.load("return #...", name: "=x")
        let big = [UInt8](repeating: 1, count: 1 << 20)
        #expect(try luaError { try state.call(length, [.string(big)]) }.kind == .memory)
        #expect(try state.call(length, ["abc"]) == [3])
    }

    @Test func limitBelowTheLibrariesStillGivesAState() throws {
        let state = try LuaState(limits: LuaLimits(memory: 1))
        #expect(try luaError { try state.run("return {}, {}, ('x'):rep(100000)", name: "=x") }.kind == .memory)
    }

    private static let closesForEver = "setmetatable({}, { __close = function() while true do end end })"

    @Test(arguments: [
        "while true do end",
        "repeat until false",
        "while true do pcall(function() while true do end end) end",
        "while true do pcall(error, 'x') end",
        "while true do xpcall(function() while true do end end, function() while true do end end) end",
        "local co = coroutine.wrap(function() while true do end end) while true do pcall(co) end",
        "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
        "local function f() pcall(f) return f() end f()",
        "return pcall(function() while true do end end)",
        "local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "('x'):gsub('x', function() while true do end end)",
        "load(function() return 'a = 1 ' end)",
        "setmetatable({}, { __index = function() while true do end end }).x()",
        "coroutine.wrap(function() local x <close> = \(closesForEver) while true do end end)()",
        "local co = coroutine.wrap(function() local x <close> = \(closesForEver) coroutine.yield() while true do end end) "
            + "co() co()",
        "local co = coroutine.create(function() local x <close> = \(closesForEver) while true do end end) "
            + "coroutine.resume(co) coroutine.close(co)",
        "local co = coroutine.wrap(function() local x <close> = \(closesForEver) while true do end end) "
            + "coroutine.wrap(function() local x <close> = \(closesForEver) co() end)()",
    ])
    func timeLimitCannotBeCaught(text: String) throws {
        let state = try LuaState(profile: .plugin, limits: LuaLimits(memory: 64 << 20, time: .milliseconds(20)))
        #expect(try luaError { try state.run(text, name: "=x") }.kind == .timeout)
        #expect(try state.evaluate("return 1") == 1)
    }

    @Test func coroutineThatWasStoppedLeavesOthersAlone() throws {
        let state = try LuaState(limits: LuaLimits(time: .milliseconds(20)))
        try state.run(
            "co = coroutine.create(function() for i = 1, 1e5 do end coroutine.yield(1) return 2 end)", name: "=x")
        #expect(try state.run("return coroutine.resume(co)", name: "=x") == [true, 1])
        #expect(try luaError { try state.run("while true do end", name: "=x") }.kind == .timeout)
        #expect(try state.run("return coroutine.resume(co)", name: "=x") == [true, 2])
    }

    @Test func timeIsCountedAnewForEachCall() throws {
        let state = try LuaState(limits: LuaLimits(time: .milliseconds(50)))
        for _ in 0..<3 {
            #expect(try luaError { try state.run("while true do end", name: "=x") }.kind == .timeout)
        }
    }

    @Test func hostFunctionThatIsInterruptedCannotBeCaught() throws {
        let state = try LuaState()
        try state.setGlobal("wait") { writer in
            writer.append(function: "wait") { _, _ in throw LuaError(.interrupted, "interrupted") }
        }
        #expect(try luaError { try state.run("while true do pcall(wait) end", name: "=x") }.kind == .interrupted)
        #expect(try state.evaluate("return 1") == 1)
    }
}
