import LuaRuntime
import Testing

/// Methods that are called with three strings or nils.
@Suite struct LuaStringCallTests {
    /// Gives back parts of itself; keeps what it was called with.
    private final class Receiver: LuaStringReceiver {
        var direct: [[String?]] = []
        var others = 0

        func call(_ call: inout LuaStringCall<Receiver>) throws -> Bool {
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
            definition.method("send", givingPartsOf: parts) { this, arguments, results in
                this.others += 1
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

    @Test func itMayGiveOtherResults() throws {
        #expect(try run("return r:send('values', nil, nil)") == [1, "two"])
    }

    @Test func whatItThrowsIsRaisedAtTheLineOfTheCall() throws {
        let error = try luaError { _ = try run("\nreturn r:send('throw', nil, nil)") }
        #expect(error.message == "thrown")
        #expect(error.line == 2)
        #expect(try run("return select('#', r:send('a', 'b', 'c'))") == [1])
    }

    @Test func anotherReceiverIsAnError() throws {
        for receiver in ["io.stdout", "{}", "'text'", "part()", "nil"] {
            let error = try luaError { _ = try run("return r.send(\(receiver), 'a', 'b', 'c')") }
            #expect(error.message.contains("receiver expected"), "\(receiver): \(error.message)")
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
