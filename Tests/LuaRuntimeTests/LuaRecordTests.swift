import CLuaShim
import LuaRuntime
import Testing

@Suite struct LuaRecordTests {
    let state: LuaState

    init() throws {
        state = try LuaState(profile: .plugin, limits: .plugin)
    }

    /// Lends a record of these strings to the body.
    static func withRecord<Result>(
        key: [UInt8]?, isWritable: Bool = false, _ body: (UnsafePointer<lk_record>) throws -> Result
    ) rethrows -> Result {
        let topic = Array("orders".utf8)
        let value = Array("a\0b".utf8)
        let name = Array("trace".utf8)
        return try topic.withUnsafeBytes { topic in
            try value.withUnsafeBytes { value in
                try name.withUnsafeBytes { name in
                    try (key ?? []).withUnsafeBytes { keyBytes in
                        let headers = [
                            lk_header(key: name.baseAddress, key_length: 5, value: value.baseAddress, value_length: 1),
                            lk_header(key: name.baseAddress, key_length: 5, value: nil, value_length: 0),
                        ]
                        return try headers.withUnsafeBufferPointer { headers in
                            var record = lk_record()
                            record.topic = borrowed(topic)
                            record.key = key == nil ? lk_value() : borrowed(keyBytes)
                            record.value = borrowed(value)
                            record.headers = headers.baseAddress
                            record.header_count = headers.count
                            record.timestamp = 1234
                            record.partition = -1
                            record.is_writable = isWritable
                            return try body(&record)
                        }
                    }
                }
            }
        }
    }

    static func borrowed(_ bytes: UnsafeRawBufferPointer) -> lk_value {
        var value = lk_value()
        value.type = LK_STRING
        value.bytes = bytes.baseAddress
        value.length = bytes.count
        return value
    }

    /// What a hook of this body returns for a record.
    func hook(_ body: String, key: String? = "k1") throws -> [LuaValue] {
        // What begins with false is no partition, and is lent as it is.
        let function = try self.function(body, as: "local hook = %s return function(...) return false, hook(...) end")
        var values: [LuaValue] = []
        _ = try Self.withRecord(key: key.map { Array($0.utf8) }) { record in
            try state.integer(calling: function, record, 12) { (results) throws(LuaError) in
                values = Array(try results.values().dropFirst())
                return nil
            }
        }
        return values
    }

    func function(_ body: String, as chunk: String = "return %s") throws -> LuaFunction {
        let text = chunk.replacing("%s", with: "function(r, n) \(body) end")
        guard case .function(let function)? = try state.run(text, name: "@p.lua").first else {
            throw LuaError("not a function")
        }
        return function
    }

    @Test func fieldsAreRead() throws {
        #expect(
            try hook("return r.topic, r.key, r.value, r.timestamp, r.partition, n")
                == ["orders", "k1", .string(Array("a\0b".utf8)), 1234, nil, 12])
        #expect(try hook("return r.key", key: nil) == [nil])
    }

    @Test func headersAreAListWithLastNamesToAsk() throws {
        #expect(
            try hook("return #r.headers, r.headers[1][1], r.headers[1][2], r.headers[2][2], r.headers.trace")
                == [2, "trace", "a", nil, nil])
        #expect(try hook("return r.headers.missing") == [nil])
    }

    @Test func keyIsComparedAndHashedInPlace() throws {
        #expect(try hook("return r:key_is('k1'), r:key_is('k'), r:key_is('')") == [true, false, false])
        #expect(try hook("return r:key_is('')", key: nil) == [false])
    }

    // From Java's UtilsTest, made positive.
    @Test(arguments: [
        ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
    ])
    func hashIsJavas(key: String, expected: Int) throws {
        #expect(try hook("return r:hash()", key: key) == [.integer(Int64(expected & 0x7fff_ffff))])
    }

    @Test(arguments: [
        ("return r.kye", "a record has no field 'kye'"), ("r.value = 'x'", "the record is read-only in this hook"),
        ("return r.hash()", "record expected, got no value (is it called with ':'?)"),
        ("return r.key_is('x')", "record expected, got string (is it called with ':'?)"),
        ("return r.key_is(r)", "bad argument #2 to 'key_is' (string expected, got no value)"),
    ])
    func misuseIsNamed(body: String, message: String) throws {
        let error = try luaError { _ = try hook(body) }
        #expect(error.message == message)
        #expect(error.script == "p.lua")
    }

    @Test func hashOfNoKeyIsAnError() throws {
        #expect(try luaError { _ = try hook("return r:hash()", key: nil) }.message.contains("no key"))
    }

    @Test func recordThatEscapedRaises() throws {
        _ = try hook("escaped = r")
        for text in ["return escaped.key", "return escaped:hash()", "escaped.key = 1", "return escaped.headers"] {
            #expect(try luaError { try state.run(text, name: "=x") }.message.contains("after its hook has returned"))
        }
        _ = try? hook("escaped = r error('x')")
        #expect(throws: LuaError.self) { try state.run("return escaped.topic", name: "=x") }
    }

    @Test func integerOrNilIsAnAnswerAndAllElseIsForTheCaller() throws {
        func answer(_ body: String) throws -> (Int64?, asked: Bool) {
            let function = try function(body)
            var isAsked = false
            let number = try Self.withRecord(key: nil) { record in
                try state.integer(calling: function, record, 12) { (results) throws(LuaError) in
                    isAsked = true
                    return Int64(results.count)
                }
            }
            return (number, isAsked)
        }
        let integers: [(String, Int64)] = [
            ("return n - 1", 11), ("return 3.0", 3), ("return 5, 'more'", 5), ("return -7", -7),
        ]
        for (body, expected) in integers {
            #expect(try answer(body) == (expected, false))
        }
        for body in ["return nil", "return", "return nil, 1"] { #expect(try answer(body) == (nil, false)) }
        for (body, count) in [("return '5'", 1), ("return 1.5", 1), ("return {}, 2, 3", 3), ("return false", 1)] {
            #expect(try answer(body) == (Int64(count), true))
        }
        #expect(try luaError { _ = try answer("error('no')") }.message == "no")
    }

    @Test func hookWithinAHookHasARecordOfItsOwn() throws {
        let inner = try function("inner = r return r.key")
        try state.setGlobal("nested") { writer in
            writer.append(function: "nested") { arguments, results in
                let state = arguments.state
                let key = try Self.withRecord(key: Array("inner".utf8)) { record in
                    try state.integer(calling: inner, record, 1) { (results) throws(LuaError) in
                        Int64(try results.string(results[1]).count)
                    }
                }
                results.append(key ?? -1)
            }
        }
        #expect(
            try hook("local k = nested() return r.key, k, (pcall(function() return inner.key end))") == [
                "k1", 5, false,
            ])
    }

    /// Calls a hook of this body with a record that it may write to.
    private func write(
        _ body: String, _ read: (borrowing LuaWrittenRecord) throws(LuaError) -> Void
    ) throws {
        let function = try function(body)
        try Self.withRecord(key: Array("k".utf8), isWritable: true) { record in
            try state.call(function, writing: record, read)
        }
    }

    @Test func writtenFieldsAreReadBackAndForgotten() throws {
        for _ in 0..<2 {
            var read: [LuaValue?] = []
            try write("assert(r.key == 'k') r.value = 5 r.key = nil r.headers.extra = 'x' r.partition = 7 return 1, 2")
            {
                (written) throws(LuaError) in
                for field in Self.fields where field != LK_RECORD_HEADERS {
                    if let slot = written[field] {
                        read.append(try written.values.value(slot))
                    } else {
                        read.append(nil)
                    }
                }
                let headers = written[LK_RECORD_HEADERS] ?? written.values[0]
                read.append(try written.values.value(written.values.field("extra", of: headers)))
            }
            #expect(read == [nil, .some(.nil), 5, nil, 7, "x"])
        }
    }

    private static let fields = [
        LK_RECORD_TOPIC, LK_RECORD_KEY, LK_RECORD_VALUE, LK_RECORD_HEADERS, LK_RECORD_TIMESTAMP, LK_RECORD_PARTITION,
    ]

    @Test func nothingIsReadBackOfARecordThatNobodyWroteTo() throws {
        try write("return r.key, r.value") { _ in Issue.record("nothing was written") }
        #expect(try luaError { try write("r.value = 'x' error('no')") { _ in } }.message == "no")
        // Nor is what was written to the record before.
        try write("assert(r.value == 'a\\0b')") { _ in Issue.record("nothing was written") }
        #expect(try state.evaluate("return 1") == 1)
    }

    @Test func hookWithinAHookWritesToARecordOfItsOwn() throws {
        let inner = try function("r.value = 'inner ' .. r.key")
        var read: [LuaValue] = []
        func note(_ written: borrowing LuaWrittenRecord) throws(LuaError) {
            if let slot = written[LK_RECORD_VALUE] { read.append(try written.values.value(slot)) }
        }
        try state.setGlobal("nested") { writer in
            writer.append(function: "nested") { arguments, _ in
                let state = arguments.state
                try Self.withRecord(key: Array("i".utf8), isWritable: true) { record in
                    try state.call(inner, writing: record) { (written) throws(LuaError) in try note(written) }
                }
            }
        }
        try write("r.value = 'outer ' nested() r.value = r.value .. r.key") { (written) throws(LuaError) in
            try note(written)
        }
        #expect(read == ["inner i", "outer k"])
    }

    @Test(arguments: [
        "r.topic = 5", "r.partition = 'x'", "r.partition = -1", "r.timestamp = 1.5", "r.headers = 1", "r.x = 1",
    ])
    func writingNonsenseRaises(body: String) throws {
        let function = try function(body)
        #expect(throws: LuaError.self) {
            try Self.withRecord(key: nil, isWritable: true) { record in
                try state.call(function, writing: record) { _ in }
            }
        }
    }
}
