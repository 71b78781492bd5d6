import LuaRuntime
import Testing

@Suite struct LuaObjectTests {
    final class Counter {
        var value: Int64 = 0
        var isClosed = false
    }

    final class Other {}

    let state: LuaState
    let counters: LuaClass<Counter>

    init() throws {
        state = try LuaState()
        counters = try state.define("counter", as: Counter.self) { definition in
            definition.method("add") { counter, arguments, results in
                counter.value += try arguments.integer(arguments[1])
                results.append(counter.value)
            }
            definition.metamethod("__tostring") { counter, _, results in results.append("counter at \(counter.value)") }
            definition.metamethod("__close") { counter, _, _ in counter.isClosed = true }
            definition.metamethod("__len") { counter, _, results in results.append(counter.value) }
        }
    }

    func set(_ name: String, _ counter: Counter) throws {
        try state.setGlobal(name) { $0.append(counter, as: counters) }
    }

    @Test func methodsHaveTheirObject() throws {
        let counter = Counter()
        try set("c", counter)
        #expect(try state.evaluate("c:add(2) return c:add(3)") == 5)
        #expect(counter.value == 5)
        #expect(try state.evaluate("return tostring(c)") == "counter at 5")
        #expect(try state.evaluate("return #c") == 5)
    }

    @Test func argumentsOfAMethodDoNotCountItsObject() throws {
        try set("c", Counter())
        #expect(
            try luaError { try state.run("c:add('x')", name: "=x") }.message
                == "bad argument #1 to 'add' (integer expected, got string)")
    }

    @Test func wrongSelfIsNamed() throws {
        let others = try state.define("other", as: Other.self) { _ in }
        try state.setGlobal("o") { $0.append(Other(), as: others) }
        try set("c", Counter())
        for (text, actual) in [
            ("c.add(5)", "number"), ("c.add()", "no value"), ("c.add(o)", "other"), ("c.add(io.stdout, 1)", "FILE*"),
        ] {
            #expect(
                try luaError { try state.run(text, name: "=x") }.message
                    == "calling 'add' on bad self (counter expected, got \(actual))")
        }
    }

    @Test func objectIsRetainedUntilItIsCollected() throws {
        weak var counter: Counter?
        do {
            let made = Counter()
            counter = made
            try set("c", made)
        }
        state.collectGarbage()
        #expect(counter != nil)
        try state.run("c = nil", name: "=x")
        state.collectGarbage()
        #expect(counter == nil)
    }

    @Test func objectIsReleasedWhenTheStateIs() throws {
        weak var counter: Counter?
        do {
            let state = try LuaState()
            let made = Counter()
            counter = made
            let counters = try state.define("counter", as: Counter.self) { _ in }
            try state.setGlobal("c") { $0.append(made, as: counters) }
        }
        #expect(counter == nil)
    }

    @Test func closeRunsAtTheEndOfItsScope() throws {
        let counter = Counter()
        try set("c", counter)
        try state.run("do local x <close> = c end", name: "=x")
        #expect(counter.isClosed)
    }

    @Test func finalizerCalledByHandReleasesOnce() throws {
        let counter = Counter()
        try set("c", counter)
        let text = "local m = debug.getmetatable(c) m.__gc(c) m.__gc(c) return pcall(c.add, c, 1)"
        #expect(try state.run(text, name: "=x").first == false)
        state.collectGarbage()
        #expect(counter.value == 0)
    }

    @Test func metatableIsHiddenFromScripts() throws {
        try set("c", Counter())
        #expect(try state.evaluate("return getmetatable(c)") == false)
        #expect(throws: LuaError.self) { try state.run("c.add = nil", name: "=x") }
    }

    @Test func objectsComeBackToTheHost() throws {
        let counter = Counter()
        let echo = try state.load("return ...", name: "=x")
        let isSame = try state.call(echo) { writer in
            writer.append(counter, as: counters)
        } results: { (results) throws(LuaError) in
            results.object(results[1], Counter.self) === counter && results.object(results[1], Other.self) == nil
        }
        #expect(isSame)
    }
}
