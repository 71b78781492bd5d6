import TestSupport
import Testing

@testable import kafka_lua

@Suite struct LineBufferTests {
    @Test func aCombiningMarkJoinsTheCharacterBeforeIt() {
        var buffer = LineBuffer("cafe")
        buffer.insert("\u{301}")
        #expect(buffer.characters.count == 4)
        #expect(buffer.cursor == 4)
        buffer.move(.left)
        #expect(buffer.textBeforeCursor == "caf")
    }

    @Test func aFlagIsBuiltOfTwoIndicators() {
        var buffer = LineBuffer("a")
        buffer.insert("\u{1F1E8}")
        #expect(buffer.cursor == 2)
        buffer.insert("\u{1F1ED}")
        #expect(buffer.characters == ["a", "🇨🇭"])
        #expect(buffer.cursor == 2)
    }

    @Test func removalCanJoinWhatWasApart() {
        var buffer = LineBuffer("\u{1F1E8}x\u{1F1ED}")
        buffer.move(to: 1)
        buffer.remove(.right)
        #expect(buffer.characters == ["🇨🇭"])
        #expect(buffer.cursor == 1)
    }

    @Test func theCursorStaysWithinWhateverIsEdited() {
        var generator = SeededGenerator(seed: 11)
        let pieces = ["a", " ", "\n", "你", "\u{301}", "\u{1F1E8}", "😀", "\u{200D}", "ab cd"]
        let movements: [Movement] = [
            .left, .right, .wordLeft, .wordRight, .blankWordLeft, .lineStart, .lineEnd, .lineStartOrBreak,
            .lineEndOrBreak, .up, .down, .blockStart, .blockEnd,
        ]
        for _ in 0..<300 {
            var buffer = LineBuffer()
            for _ in 0..<40 {
                let movement = movements.randomElement(using: &generator) ?? .left
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: buffer.remove(movement)
                case 1: buffer.move(movement)
                case 2: _ = buffer.transpose()
                default: buffer.insert(pieces.randomElement(using: &generator) ?? "")
                }
                #expect((0...buffer.characters.count).contains(buffer.cursor))
            }
        }
    }
}
