import Testing

@testable import kafka_lua

@Suite struct HistoryTests {
    @Test func aBlockStandsOnceWhereItWasUsedLast() {
        var history = History()
        for block in ["a", "b", "a", "c\nd"] { history.append(block) }
        #expect(history.entries == ["b", "a", "c\nd"])
    }

    @Test(arguments: [
        "kafka.producer{ ['sasl.username'] = 'me' }", "p = 'PASSWORD=x'", "ssl.key.password", "x = Secret",
        "api_Token = 1",
        "JAAS", "ssl.truststore.certificates", "", " \n ",
    ])
    func secretsAndNothingAreNotKept(block: String) {
        var history = History()
        let isKept = history.append(block)
        #expect(!isKept)
        #expect(history.entries.isEmpty)
    }

    @Test func itIsBounded() {
        var history = History()
        history.append(contentsOf: (0..<History.limit + 10).map { "print(\($0))" })
        history.append("last")
        #expect(history.entries.count == History.limit)
        #expect(history.entries.last == "last")
        #expect(history.entries.first == "print(11)")
        let isLongKept = history.append(String(repeating: "x", count: History.blockLimit + 1))
        #expect(!isLongKept)
    }

    @Test(arguments: ["plain", "two\nlines", #"a\nb"#, #"back\\slash\"#, "mixed\\\n\\n", "cr\r\nlf", "你好"])
    func everyBlockIsOneLineOfTheFile(block: String) {
        let line = History.encode(block)
        #expect(!line.contains(UInt8(ascii: "\n")))
        #expect(History.decode(line[...]) == block)
    }
}
