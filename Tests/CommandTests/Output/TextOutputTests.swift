import Testing

@testable import kafka_lua

@Suite struct TextOutputTests {
    @Test(arguments: [
        ("plain 你好 😀", "plain 你好 😀"), ("a\tb", "a\\tb"), ("\u{85}", "\\u{85}"), ("\u{202E}x", "\\u{202e}x"),
        ("\\\"", "\\\""),
    ])
    func textIsShownAndSteeringIsEscaped(text: String, shown: String) {
        #expect(EscapedText.of(Array(text.utf8)) == shown)
    }

    @Test func brokenUTF8IsEscapedByteByByte() {
        #expect(EscapedText.of([0xE4, 0xBD, 0x61, 0xC0, 0x80, 0xF0]) == #"\xe4\xbda\xc0\x80\xf0"#)
    }

    @Test func jsonStringsAreEscaped() {
        #expect(JSONText.quoted("a\"\\/\n\u{01}\u{2028}你") == #""a\"\\/\n\u0001\u2028你""#)
    }

    @Test func coloursAreOnlyForTerminalsThatWantThem() {
        func isEnabled(_ isTerminal: Bool, _ noColor: Bool, _ environment: [String: String] = [:]) -> Bool {
            Palette(isTerminal: isTerminal, noColor: noColor) { environment[$0] }.isEnabled
        }
        #expect(isEnabled(true, false))
        #expect(isEnabled(true, false, ["NO_COLOR": ""]))
        #expect(!isEnabled(false, false))
        #expect(!isEnabled(true, true))
        #expect(!isEnabled(true, false, ["NO_COLOR": "1"]))
        #expect(!isEnabled(true, false, ["TERM": "dumb"]))
    }

    @Test func anErrorIsPrintedWithItsTracebackAndHint() {
        let lines = Lines()
        Diagnostics { lines.append($0) }.report(Failure("no broker", hint: "start one", traceback: "a.lua:1"))
        #expect(lines.text == "error: no broker\na.lua:1\nhint: start one\n")
    }

    @Test func detailsAreForThoseWhoAsk() {
        let lines = Lines()
        Diagnostics { lines.append($0) }.detail("quiet")
        Diagnostics(isVerbose: true) { lines.append($0) }.detail("loud")
        #expect(lines.text == "loud\n")
    }

    @Test func manyDeliveriesAreCounted() {
        var notice = DeliveryNotice()
        #expect(notice.take() == "")
        notice.add(deliveredAt: "orders-0 @ 17")
        notice.add(failure: "orders: timed out")
        #expect(notice.take() == "✓ orders-0 @ 17\n✗ orders: timed out\n")
        for offset in 0..<1_240 { notice.add(deliveredAt: "orders-0 @ \(offset)") }
        for _ in 0..<3 { notice.add(failure: "no") }
        #expect(notice.take() == "✓ 1,240 delivered, 3 failed\n")
        #expect(notice.take() == "")
    }

    @Test func candidatesStandInColumns() {
        #expect(CandidateList.text(["a", "bb", "ccc", "d"], columns: 11) == "a    ccc\nbb   d\n")
        #expect(CandidateList.text(["你好", "b"], columns: 3) == "你好\nb\n")
    }
}
