import LuaRuntime
import Testing

/// Methods that are called with three strings or nils, or with a table of them.
@Suite struct LuaStringCallTests {
    /// Gives back parts of itself; keeps what it was called with.
    private final class Receiver: LuaStringReceiver {
        var direct: [[String?]] = []
        var others = 0
        /// What a script does while the method runs.
        var meanwhile: () throws -> Void = {}

        func call(_ call: inout LuaStringCall<Receiver>) throws -> Bool {
            try meanwhile()
            let strings = [call.first, call.second, call.third].map { $0.map { String(decoding: $0, as: UTF8.self) } }
            switch strings[0] {
            case "leave": return false
            case "throw": throw LuaError("thrown")
            case "values":
                call.results.append(1)
                call.results.append("two")
            default:
                direct.append(strings)
                call.finish(part: Int64(direct.count), of: .passUnretained(self))
            }
            return true
        }
    }

    private let receiver = Receiver()
    private let state: LuaState

    init() throws {
        state = try LuaState()
        let parts = try state.define("part", asPartsOf: Receiver.self) { definition in
            definition.method("number") { part, _, results in results.append(part.number) }
        }
        let receivers = try state.define("receiver", as: Receiver.self) { definition in
            let fields = LuaStringFields("a", "b", "c", butNot: "d", "e")
            definition.method("send", givingPartsOf: parts, fields: fields) { this, arguments, results in
                this.others += 1
                results.append("body \(arguments.count)")
            }
            definition.method("positional", givingPartsOf: parts) { _, arguments, results in
                results.append("body \(arguments.count)")
            }
        }
        try state.setGlobal("r") { [receiver] in $0.append(receiver, as: receivers) }
        try state.setGlobal("part") { writer in
            writer.append(function: "part") { _, results in results.append(part: 1, of: Receiver(), as: parts) }
        }
    }

    private func run(_ text: String) throws -> [LuaValue] { try state.run(text, name: "@s.lua") }

    @Test func stringsAndNilsGoTheShortWay() throws {
        #expect(try run("return r:send('a', nil, 'c\\0d'):number(), r:send('', 'b', nil):number()") == [1, 2])
        #expect(receiver.direct == [["a", nil, "c\0d"], ["", "b", nil]])
        #expect(receiver.others == 0)
    }

    @Test func allElseGoesTheLongWay() throws {
        let calls = ["r:send('a', 'b')", "r:send('a', 'b', 'c', 'd')", "r:send(1, 'b', 'c')", "r:send('a', 'b', {})"]
        for call in calls { #expect(try run("return \(call)").first?.text?.hasPrefix("body ") == true, "\(call)") }
        #expect(try run("return r:send('leave', 'b', 'c')") == ["body 3"])
        #expect(receiver.direct.isEmpty)
        #expect(receiver.others == calls.count + 1)
    }

    @Test func tablesOfStringsGoTheShortWay() throws {
        #expect(try run("return r:send{ a = 'a', c = 'c\\0d' }:number(), r:send{}:number()") == [1, 2])
        #expect(try run("return r:send{ a = '', b = 'b', c = 'c', f = 'not asked for' }:number()") == [3])
        #expect(receiver.direct == [["a", nil, "c\0d"], [nil, nil, nil], ["", "b", "c"]])
        #expect(receiver.others == 0)
    }

    @Test func tablesAreReadRaw() throws {
        let metatable = "{ __index = function() error('asked') end, __len = function() error('asked') end }"
        #expect(try run("return r:send(setmetatable({ b = 'b' }, \(metatable))):number()") == [1])
        #expect(receiver.direct == [[nil, "b", nil]])
    }

    @Test func otherTablesGoTheLongWay() throws {
        let tables = ["{ a = 1 }", "{ a = 'a', b = 'b', c = false }", "{ d = 'd' }", "{ a = 'a', e = false }"]
        for table in tables + ["{ a = 'leave' }"] {
            #expect(try run("return r:send(\(table))") == ["body 1"], "\(table)")
        }
        #expect(try run("return r:send({ a = 'a' }, nil)") == ["body 2"])
        #expect(try run("return r:positional{ a = 'a' }, r:positional('a', 'b', 'c'):number()") == ["body 1", 1])
        #expect(receiver.direct == [["a", "b", "c"]])
        #expect(receiver.others == tables.count + 2)
    }

    /// What runs during the call may take the strings from the table, which kept them from being collected.
    @Test func stringsOutliveTheirTable() throws {
        receiver.meanwhile = { [state] in
            _ = try state.run(
                """
                for name in pairs(t) do t[name] = nil end
                collectgarbage()
                for i = 1, 1000 do kept[i] = ('y'):rep(99) .. i end
                """, name: "=m")
        }
        #expect(try run("kept, t = {}, { a = ('a'):rep(100), c = ('c'):rep(100) }; return r:send(t):number()") == [1])
        #expect(receiver.direct == [[String(repeating: "a", count: 100), nil, String(repeating: "c", count: 100)]])
    }

    @Test func itMayGiveOtherResults() throws {
        #expect(try run("return r:send('values', nil, nil)") == [1, "two"])
        #expect(try run("return r:send{ a = 'values' }") == [1, "two"])
    }

    @Test func whatItThrowsIsRaisedAtTheLineOfTheCall() throws {
        for arguments in ["('throw', nil, nil)", "{ a = 'throw' }"] {
            let error = try luaError { _ = try run("\nreturn r:send\(arguments)") }
            #expect(error.message == "thrown")
            #expect(error.line == 2)
        }
        #expect(try run("return select('#', r:send('a', 'b', 'c'))") == [1])
    }

    @Test func anotherReceiverIsAnError() throws {
        for receiver in ["io.stdout", "{}", "'text'", "part()", "nil"] {
            let error = try luaError { _ = try run("return r.send(\(receiver), 'a', 'b', 'c')") }
            #expect(error.message.contains("receiver expected"), "\(receiver): \(error.message)")
            let other = try luaError { _ = try run("return r.send(\(receiver), { a = 'a' })") }
            #expect(other.message == error.message)
        }
        #expect(receiver.direct.isEmpty)
    }

    /// A finalizer may run while the part is made, and make parts of other objects, which take each other's places.
    @Test func finalizersDoNotExchangeTheWhole() throws {
        let wrong = try run(
            """
            collectgarbage('generational', 1)
            local wrong, finalizer = 0, { __gc = function() for i = 1, 40 do part() end end }
            for i = 1, 20000 do
              setmetatable({}, finalizer)
              if r:send('a', 'b', 'c'):number() ~= i then wrong = wrong + 1 end
            end
            return wrong
            """)
        #expect(wrong == [0])
    }

    /// Objects that are made then have no finalizers of their own.
    @Test func whatFinalizersMakeWhenTheStateClosesIsLetGo() throws {
        final class Made {}
        final class Counter { weak var latest: Made? }
        let counter = Counter()
        do {
            let state = try LuaState()
            let definition = try state.define("made", as: Made.self) { _ in }
            let parts = try state.define("part", asPartsOf: Made.self) { _ in }
            try state.setGlobal("make") { writer in
                writer.append(function: "make") { arguments, results in
                    let made = Made()
                    counter.latest = made
                    if arguments.isNil(arguments[1]) { return results.append(made, as: definition) }
                    results.append(part: 1, of: made, as: parts)
                }
            }
            _ = try state.run("kept = setmetatable({}, { __gc = function() make() make('part') end })", name: "=c")
            #expect(counter.latest == nil)
        }
        #expect(counter.latest == nil)
    }
}
