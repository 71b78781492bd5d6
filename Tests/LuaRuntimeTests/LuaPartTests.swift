import LuaRuntime
import Synchronization
import Testing

@Suite struct LuaPartTests {
    private final class Whole: Sendable {
        let name: Int
        let living: Counter

        init(_ name: Int, _ living: Counter) {
            self.name = name
            self.living = living
            living.count.add(1, ordering: .relaxed)
        }

        deinit { living.count.subtract(1, ordering: .relaxed) }
    }

    private final class Counter: Sendable {
        let count = Atomic(0)
    }

    /// More wholes than are remembered at a time, so that they take each other's places.
    private static let wholes = 100

    /// A state with `part(whole, number)`, and parts that say of which whole they are which.
    private func state(_ living: Counter) throws -> LuaState {
        let state = try LuaState()
        let definition = try state.define("part", asPartsOf: Whole.self) { definition in
            definition.method("read") { part, _, results in
                results.append(part.whole.name)
                results.append(part.number)
            }
        }
        let wholes = (0..<Self.wholes).map { Whole($0, living) }
        let kept = Mutex<[Whole?]>(wholes)
        try state.setGlobal("part") { writer in
            writer.append(function: "part") { arguments, results in
                let name = Int(try arguments.integer(arguments[1]))
                let number = try arguments.integer(arguments[2])
                guard let whole = kept.withLock({ $0[name] }) else { return results.appendNil() }
                results.append(part: number, of: whole, as: definition)
            }
        }
        try state.setGlobal("forget") { writer in
            writer.append(function: "forget") { _, _ in
                kept.withLock { $0 = Array(repeating: nil, count: Self.wholes) }
            }
        }
        return state
    }

    @Test func partsKeepTheirWholeForAsLongAsOneOfThemIsThere() throws {
        let living = Counter()
        do {
            let state = try state(living)
            let results = try state.run(
                """
                local parts = {}
                for round = 1, 3 do
                  for whole = 0, \(Self.wholes - 1) do parts[#parts + 1] = part(whole, round) end
                end
                forget()
                collectgarbage()
                for index, part in ipairs(parts) do
                  local whole, number = part:read()
                  assert(whole == (index - 1) % \(Self.wholes) and number == (index - 1) // \(Self.wholes) + 1)
                end
                return #parts
                """, name: "=parts")
            #expect(results == [.integer(Int64(3 * Self.wholes))])
            // Nobody has parts any more; those remembered last may still be held.
            _ = try state.run("collectgarbage() collectgarbage()", name: "=parts")
            #expect(living.count.load(ordering: .relaxed) < Self.wholes / 2)
        }
        #expect(living.count.load(ordering: .relaxed) == 0)
    }

    /// A whole is little for Lua and may be much for the host: what is dropped must not wait until Lua's memory has grown.
    @Test func wholesThatAreDroppedDoNotPileUp() throws {
        let living = Counter()
        let state = try LuaState()
        let definition = try state.define("part", asPartsOf: Whole.self) { _ in }
        let current = Mutex(Whole(0, living))
        var most = 0
        try state.setGlobal("part") { writer in
            writer.append(function: "part") { arguments, results in
                let number = try arguments.integer(arguments[1])
                if number % 500 == 0 { current.withLock { $0 = Whole(Int(number), living) } }
                results.append(part: number, of: current.withLock { $0 }, as: definition)
                most = max(most, living.count.load(ordering: .relaxed))
            }
        }
        try state.run("for number = 1, 300000 do part(number) end", name: "=parts")
        // Those remembered, and what comes between two collections.
        #expect(most < 100)
    }

    @Test func aMethodWantsAPartOfItsOwnKind() throws {
        let state = try state(Counter())
        #expect(throws: LuaError.self) {
            try state.run("local read = part(0, 1).read return read(io)", name: "=parts")
        }
    }

    /// The library `debug` may let the whole go: its parts are errors from then on, and no more.
    @Test func aPartWhoseWholeWasLetGoIsAnError() throws {
        let living = Counter()
        let state = try state(living)
        let results = try state.run(
            """
            local p = part(0, 1)
            local whole = debug.getuservalue(p, 1)
            debug.getmetatable(whole).__gc(whole)
            return pcall(p.read, p)
            """, name: "=parts")
        #expect(results.first == .boolean(false))
    }
}
