import LuaRuntime
import Testing

@Suite struct LuaReferenceTests {
    final class Token {}

    @Test func referencesThatAreLetGoAreReleased() throws {
        let state = try LuaState()
        let before = state.referenceCount
        try state.run("weak = setmetatable({}, { __mode = 'v' })", name: "=x")
        var functions: [LuaFunction] = []
        for _ in 0..<500 { functions.append(try state.load("return 1", name: "=x")) }
        #expect(state.referenceCount == before + 500)
        functions.removeAll()
        #expect(state.referenceCount == before)
    }

    @Test func whatIsKeptIsNotCollectedAndLaterIs() throws {
        let state = try LuaState()
        try state.run("weak = setmetatable({}, { __mode = 'v' })", name: "=x")
        var kept: LuaReference? = try state.call(state.load("weak[1] = {} return weak[1]", name: "=x")) { _ in
        } results: { (results) throws(LuaError) in
            try results.reference(results[1])
        }
        state.collectGarbage()
        #expect(try state.evaluate("return weak[1] ~= nil") == true)
        #expect(kept != nil)
        kept = nil
        state.collectGarbage()
        #expect(try state.evaluate("return weak[1] == nil") == true)
    }

    @Test func referenceMayOutliveItsState() throws {
        var state: LuaState? = try LuaState()
        let function = try state?.load("return 1", name: "=x")
        state = nil
        #expect(function != nil)
    }

    @Test func referenceMayBeLetGoOnAnotherThread() async throws {
        let state = try LuaState()
        let before = state.referenceCount
        let function = try state.load("return 1", name: "=x")
        await Task.detached { _ = function }.value
        _ = consume function
        #expect(state.referenceCount == before)
    }

    @Test func functionOfAnotherStateIsRefused() throws {
        let (one, other) = (try LuaState(), try LuaState())
        let function = try one.load("return 1", name: "=x")
        #expect(try luaError { try other.call(function) }.message.contains("another"))
        let echo = try other.load("return ...", name: "=x")
        #expect(try other.call(echo, [.function(function)]) == [nil])
    }

    @Test func functionsOfAStateAreRefreshedNotShared() throws {
        let state = try LuaState()
        let function = try state.load("return ...", name: "=x")
        let results = try state.call(function, [.function(function)])
        guard case .function(let back)? = results.first else { throw LuaError("no function") }
        #expect(try state.call(back, [5]) == [5])
    }

    @Test func tablesThatAreKeptAreReadAndSet() throws {
        let state = try LuaState()
        let table = try state.keep { writer in writer.appendTable { $0.field("a", 1) } }
        try state.set(table) { $0.field("b", "two") }
        let b = try state.get(table) {
            $0.append("b")
        } results: { (results) throws(LuaError) in
            try results.string(results[1])
        }
        #expect(b == "two")
        let length = try state.load("local t = ... return t.a, t.b", name: "=x")
        #expect(try state.call(length, [.reference(table)]) == [1, "two"])
    }

    @Test func closingLetsGoOfHostFunctions() throws {
        weak var token: Token?
        do {
            let state = try LuaState()
            let captured = Token()
            token = captured
            try state.setGlobal("f") { $0.append(function: "f") { _, results in results.append("\(captured)") } }
            try state.run("f()", name: "=x")
            #expect(token != nil)
        }
        #expect(token == nil)
    }

    @Test func hostFunctionIsCollectedWhenNothingUsesIt() throws {
        let state = try LuaState()
        weak var token: Token?
        do {
            let captured = Token()
            token = captured
            try state.setGlobal("f") { $0.append(function: "f") { _, _ in _ = captured } }
        }
        try state.run("f = nil", name: "=x")
        state.collectGarbage()
        #expect(token == nil)
    }

    @Test func memoryReturnsToWhereItWas() throws {
        let state = try LuaState()
        let function = try state.load("local t = {} for i = 1, 1000 do t[i] = 'x' .. i end return #t", name: "=x")
        try state.call(function)
        state.collectGarbage()
        let before = state.memoryInUse
        for _ in 0..<50 { try state.call(function, [.table(LuaTable(items: [1, 2, 3])), "text"]) }
        state.collectGarbage()
        #expect(state.memoryInUse <= before)
    }
}
