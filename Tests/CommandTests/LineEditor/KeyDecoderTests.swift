import TestSupport
import Testing

@testable import kafka_lua

@Suite struct KeyDecoderTests {
    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        return decoder.feed(Array(text.utf8)) + decoder.flush()
    }

    @Test(arguments: [
        ("\u{1B}[A", Key.up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left),
        ("\u{1B}[H", .home), ("\u{1B}[1~", .home), ("\u{1B}[7~", .home), ("\u{1B}OF", .end), ("\u{1B}[4~", .end),
        ("\u{1B}[3~", .delete), ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[Z", .backTab),
        ("\u{1B}[1;5C", .wordRight), ("\u{1B}[1;3D", .wordLeft), ("\u{1B}[1;2C", .right),
        ("\u{1B}b", .meta("b")), ("\u{1B}\u{7F}", .metaBackspace), ("\u{1B}\r", .metaEnter),
        ("\u{01}", .control("a")), ("\u{1F}", .control("_")), ("\r", .enter), ("\n", .enter), ("\t", .tab),
        ("\u{7F}", .backspace), ("\u{08}", .backspace), ("\u{1B}", .escape), ("\u{1B}[", .meta("[")),
        ("\u{1B}[99~", .unknown), ("\u{1B}[?1;2c", .unknown),
    ])
    func sequencesAreKeys(text: String, key: Key) {
        #expect(keys(text) == [key])
    }

    @Test func charactersThatFollowEachOtherAreOneText() {
        #expect(keys("ab你好é\u{1B}[Dx") == [.text("ab你好é"), .left, .text("x")])
    }

    @Test func aPasteIsOneKeyWithPlainLineBreaks() {
        #expect(keys("\u{1B}[200~a\r\nb\rc\n\td\u{1B}[A\u{1B}[201~!") == [.paste("a\nb\nc\n\td\u{1B}[A"), .text("!")])
    }

    @Test func bytesMayBeCutAnywhere() {
        let text = "a你\u{1B}[1;5C😀\u{1B}[200~x\u{1B}[201\r\ny\u{1B}[201~\u{1B}f\u{04}"
        let expected: [Key] = [
            .text("a"), .text("你"), .wordRight, .text("😀"), .paste("x\u{1B}[201\ny"), .meta("f"), .control("d"),
        ]
        var decoder = KeyDecoder()
        #expect(Array(text.utf8).flatMap { decoder.feed([$0]) } == expected)
        #expect(!decoder.isIncomplete)
        for cut in 0...text.utf8.count {
            var decoder = KeyDecoder()
            let parts = decoder.feed(text.utf8.prefix(cut)) + decoder.feed(text.utf8.dropFirst(cut))
            #expect(joined(parts) == joined(expected))
        }
    }

    /// Texts that follow each other as one.
    private func joined(_ keys: [Key]) -> [Key] {
        keys.reduce(into: []) { joined, key in
            if case .text(let more) = key, case .text(let text)? = joined.last {
                joined[joined.count - 1] = .text(text + more)
            } else {
                joined.append(key)
            }
        }
    }

    @Test func aLoneEscapeWaitsUntilTimeIsUp() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x1B]) == [])
        #expect(decoder.isIncomplete)
        #expect(decoder.flush() == [.escape])
        #expect(!decoder.isIncomplete)
    }

    @Test func bytesThatAreNotUTF8AreReplacedOneByOne() {
        var decoder = KeyDecoder()
        #expect(
            decoder.feed([0x61, 0xFF, 0xE4, 0xBD, 0x62, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0x63]) == [
                .text("a\u{FFFD}\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}c")
            ])
    }

    @Test func aSequenceWithoutEndIsGivenUp() {
        var decoder = KeyDecoder()
        let keys = decoder.feed(Array("\u{1B}[".utf8) + Array(repeating: UInt8(ascii: "1"), count: 100) + [0x0D])
        #expect(keys.last == .enter)
        #expect(keys.contains(.unknown))
    }

    @Test func anEndlessPasteIsCutAndEnds() {
        var decoder = KeyDecoder()
        _ = decoder.feed(Array("\u{1B}[200~".utf8))
        _ = decoder.feed(Array(repeating: UInt8(ascii: "x"), count: KeyDecoder.pasteLimit + 100_000))
        let keys = decoder.feed(Array("\u{1B}[201~y".utf8))
        guard case .paste(let text)? = keys.first else {
            Issue.record("no paste came")
            return
        }
        #expect(text.utf8.count == KeyDecoder.pasteLimit)
        #expect(keys.last == .text("y"))
    }

    @Test func afterAnyBytesAnEnterIsUnderstood() {
        var generator = SeededGenerator(seed: 7)
        let alphabet: [UInt8] = [0x1B, 0x5B, 0x4F, 0x31, 0x3B, 0x7E, 0x41, 0xE4, 0xBD, 0xA0, 0xFF, 0x61, 0x0D, 0x00]
        for _ in 0..<2_000 {
            var decoder = KeyDecoder()
            let bytes = (0..<Int.random(in: 0..<20, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            _ = decoder.feed(bytes)
            _ = decoder.flush()
            #expect(decoder.feed([0x0D]) == [.enter])
        }
    }
}
