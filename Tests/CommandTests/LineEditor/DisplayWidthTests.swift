import Testing

@testable import kafka_lua

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("你好", 4), ("日本語", 6), ("한국어", 6), ("한", 2), ("ｱ", 1), ("Ａ", 2),
        ("😀", 2), ("👩‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇨🇭", 2), ("❤️", 2), ("❤", 1), ("✓", 1), ("✗", 1), ("…", 1), ("⌚", 2), ("「」", 4),
        ("\u{200B}", 0), ("\u{300}", 0), ("ﷺ", 1), ("𠀀", 2), ("\u{AD}", 1),
    ])
    func widthIsWhatTerminalsShow(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }
}
