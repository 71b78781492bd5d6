import LuaRuntime
import Testing

@Suite struct LuaValueTests {
    let state: LuaState

    init() throws {
        state = try LuaState()
    }

    func echo(_ value: LuaValue) throws -> LuaValue {
        try state.call(state.load("return ...", name: "=echo"), [value]).first ?? .nil
    }

    @Test(arguments: [
        LuaValue.nil, true, false, 0, 3, 3.0, 2.5, -1, .integer(.min), .integer(.max), .number(.infinity), "", "text",
        .string([0, 255, 0, 128]), .table(LuaTable()), .table(LuaTable(items: [1, "a", 2.5])),
        .table(LuaTable(fields: ["inner": .table(LuaTable(fields: ["x": 1]))])),
    ])
    func valuesComeBackAsTheyWere(value: LuaValue) throws {
        #expect(try echo(value) == value)
    }

    @Test func integersAndFloatsStayDistinct() throws {
        #expect(try echo(3) == .integer(3))
        #expect(try echo(3.0) == .number(3))
        #expect(try state.evaluate("return math.type(3.0)") == "float")
        #expect(LuaValue.integer(3) != LuaValue.number(3))
    }

    @Test func stringsAreBytes() throws {
        let bytes: [UInt8] = [0x61, 0, 0xff, 0xfe, 0x62]
        let length = try state.load("return #..., (...):byte(1, -1)", name: "=x")
        #expect(try state.call(length, [.string(bytes)]) == [5, 0x61, 0, 0xff, 0xfe, 0x62])
    }

    @Test func severalResultsComeInOrder() throws {
        #expect(try state.run("return 1, nil, 'x', false", name: "=x") == [1, nil, "x", false])
        #expect(try state.run("", name: "=x") == [])
    }

    @Test func manyArgumentsAndResultsFit() throws {
        let values = (0..<5000).map { LuaValue.integer($0) }
        #expect(try state.call(state.load("return ...", name: "=x"), values) == values)
    }

    @Test func tableThatHoldsItselfIsCut() throws {
        let value = try state.evaluate("local t = {} t.me = t return t")
        var depth = 0
        var inner: LuaValue? = value
        while case .table(let table)? = inner, !table.isTruncated {
            depth += 1
            inner = table["me"]
        }
        #expect(depth == 16)
    }

    @Test func snapshotStopsAtItsLimit() throws {
        let function = try state.load("local t = {} for i = 1, 1000 do t[i] = { i } end return t", name: "=x")
        let value = try state.call(function) { _ in
        } results: { (results) throws(LuaError) in
            try results.value(results[1], limits: LuaSnapshotLimits(depth: 2, items: 10))
        }
        guard case .table(let table) = value else { return #expect(Bool(false)) as Void }
        #expect(table.isTruncated)
        #expect(table.pairs.count == 5)
    }

    @Test func snapshotRunsNoMetamethods() throws {
        let value = try state.evaluate(
            "return setmetatable({ 1 }, { __index = error, __pairs = error, __len = error, __tostring = error })")
        #expect(value == .table(LuaTable(items: [1])))
    }

    @Test func tableNestedTooDeeplyIsAnError() throws {
        var value = LuaValue.integer(1)
        for _ in 0..<500 { value = .table(LuaTable(items: [value])) }
        #expect(try luaError { _ = try echo(value) }.message.contains("nested too deeply"))
        #expect(try echo(1) == 1)
    }

    @Test func keysThatLuaRefusesAreLeftOut() throws {
        let table = LuaTable([
            .init(key: nil, value: 1), .init(key: .number(.nan), value: 2), .init(key: "x", value: 3),
        ])
        #expect(try echo(.table(table)) == .table(LuaTable(fields: ["x": 3])))
    }

    @Test func globalsAreSetAndRead() throws {
        try state.setGlobal("answer") { $0.append(42) }
        #expect(try state.evaluate("return answer") == 42)
        try state.run("other = { 'x' }", name: "=x")
        #expect(try state.global("other") == .table(LuaTable(items: ["x"])))
        #expect(try state.global("missing") == .nil)
    }

    @Test func resultsAreReadWhereLuaKeepsThem() throws {
        let function = try state.load("return 'a\\0b', 7, { topic = 't', list = { 'x', 'y' } }", name: "=x")
        try state.call(function) { _ in
        } results: { (results) throws(LuaError) in
            #expect(results.count == 3)
            #expect(try results.bytes(results[1]).byteCount == 3)
            #expect(try results.integer(results[2]) == 7)
            #expect(try results.string(results.field("topic", of: results[3])) == "t")
            let list = try results.field("list", of: results[3])
            #expect(try results.itemCount(list) == 2)
            #expect(try results.string(results.item(2, of: list)) == "y")
            #expect(results.type(results[4]) == .absent)
            #expect(results.type(results[-5]) == .absent)
            #expect(results.type(results[.max]) == .absent)
        }
    }

    @Test func resultOfAnotherTypeIsNamed() throws {
        let function = try state.load("return { topic = 5 }, 1.5", name: "=x")
        let errors = try state.call(function) { _ in
        } results: { (results) throws(LuaError) -> [String] in
            var errors: [String] = []
            do throws(LuaError) { _ = try results.string(results[1]) } catch { errors.append(error.message) }
            do throws(LuaError) {
                _ = try results.string(results.field("topic", of: results[1]))
            } catch { errors.append(error.message) }
            do throws(LuaError) { _ = try results.integer(results[2]) } catch { errors.append(error.message) }
            return errors
        }
        #expect(
            errors == [
                "result #1 must be a string, got table",
                "field 'topic' of result #1 must be a string, got number",
                "result #2: number has no integer representation",
            ])
    }
}
