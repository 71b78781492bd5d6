import Testing

@testable import kafka_lua

@Suite struct LuaTokenTests {
    private func kinds(_ text: String) -> [String] {
        let characters = Array(text)
        return LuaToken.all(in: characters).map { "\($0.kind)\($0.isOpen ? "…" : "") \(String(characters[$0.range]))" }
    }

    @Test(arguments: [
        ("local x = 1", ["keyword local", "name x", "symbol =", "number 1"]),
        ("a.b:c(...)", ["name a", "symbol .", "name b", "symbol :", "name c", "symbol (", "symbol ...", "symbol )"]),
        ("0x1p-3 1e+9 .5 3x", ["number 0x1p-3", "number 1e+9", "number .5", "number 3x"]),
        (#""a\"b" 'c"#, [#"string "a\"b""#, "string… 'c"]),
        ("'a\nb", ["string… 'a", "name b"]),
        ("[[a\n]]x [==[ ]] ]==] [=[", ["string [[a\n]]", "name x", "string [==[ ]] ]==]", "string… [=["]),
        ("x -- c\ny --[[ d", ["name x", "comment -- c", "name y", "comment… --[[ d"]),
        ("你好 // é", ["name 你好", "symbol //", "name é"]), ("", []), ("\\", ["symbol \\"]),
    ])
    func aTextIsTakenApart(text: String, kinds: [String]) {
        #expect(self.kinds(text) == kinds)
    }
}
