import Testing

@testable import kafka_lua

@Suite struct ProgressLineTests {
    private let start = ContinuousClock.now
    private let counts = ProgressCounts(sent: 2_000, delivered: 1_240, failed: 3, bytes: 500_000)

    @Test func onATerminalItIsRewrittenInPlace() {
        var line = ProgressLine(.redrawn(columns: 80), start: start)
        let text = "1,240 of 2,000 delivered, 3 failed, 1,240 records/s, 0.5 MB/s"
        #expect(line.text(counts, now: start + .seconds(1)) == "\r\u{1B}[K" + text)
        #expect(line.text(counts, now: start + .seconds(2))?.contains("620 records/s") == true)
    }

    @Test func itDoesNotWrap() {
        var line = ProgressLine(.redrawn(columns: 20), start: start)
        #expect(line.text(counts, now: start + .seconds(1)) == "\r\u{1B}[K" + "1,240 of 2,000 deli")
    }

    @Test func elsewhereLinesAreWrittenWhenSomethingMoves() {
        var line = ProgressLine(.lines, start: start)
        let first = line.text(counts, now: start + .seconds(10))
        #expect(first == "1,240 of 2,000 delivered, 3 failed, 124 records/s, 0.1 MB/s\n")
        #expect(line.text(counts, now: start + .seconds(20)) == nil)
        var more = counts
        more.delivered += 1
        #expect(line.text(more, now: start + .seconds(30)) != nil)
    }

    @Test func nothingIsSaidOfNothing() {
        var line = ProgressLine(.lines, start: start, before: counts)
        #expect(line.text(counts, now: start + .seconds(10)) == nil)
        var quiet = ProgressLine(.none, start: start)
        #expect(quiet.text(counts, now: start + .seconds(10)) == nil)
    }

    @Test(arguments: [
        (0.5, 10, "10 s left"), (0.01, 10, "16 min 30 s left"), (0.001, 60, "16 h 39 min left"), (1, 10, nil),
        (0, 10, nil),
    ])
    func theTimeLeftIsSaidWhereItIsKnown(_ progress: (part: Double, seconds: Int, text: String?)) {
        var counts = counts
        counts.part = progress.part
        let text = ProgressLine.summary(counts, elapsed: .seconds(progress.seconds))
        if let left = progress.text { #expect(text.hasSuffix(", \(left)")) } else { #expect(!text.contains("left")) }
    }

    @Test func aStatusMakesWayForWhatIsWritten() throws {
        let output = try PipePair()
        let console = Console(descriptor: output.writing)
        console.write("half a line")
        // Not below a line that is not ended.
        console.showStatus("")
        console.write("\n")
        console.hideStatus(endsLine: true)
        #expect(output.contents() == "half a line\n")
    }
}
