import Testing

@testable import Benchmarks

@Suite struct TurnResultTests {
    private func turn(wall: Double, processor: Double = 1, peak: Double = 1) -> TurnResult {
        TurnResult(version: "1", records: 10, wallSeconds: wall, processorSeconds: processor, peakMegabytes: peak)
    }

    @Test func aMedianIsTheMiddleOfEachFigureByItself() {
        let median = TurnResult.median(of: [
            turn(wall: 9, processor: 1, peak: 50), turn(wall: 1, processor: 3, peak: 40),
            turn(wall: 2, processor: 2, peak: 60),
        ])
        #expect(median == turn(wall: 2, processor: 2, peak: 50))
    }

    @Test func ofAnEvenNumberItIsBetweenTheTwoInTheMiddle() {
        #expect(TurnResult.median(of: [8, 1, 2, 4].map { turn(wall: $0) })?.wallSeconds == 3)
        #expect(TurnResult.median(of: []) == nil)
    }

    @Test func percentilesAreFiguresThatWereMeasured() {
        let sorted = (1...200).map(Double.init)
        #expect(percentile(50, of: sorted) == 100.5)
        #expect(percentile(99, of: sorted) == 199)
        #expect(percentile(99, of: [7]) == 7)
        #expect(percentile(99, of: []) == 0)
    }

    @Test func aResultIsHandedOverInOneLine() throws {
        let result = TurnResult(
            version: "2.0.2", records: 20_000, wallSeconds: 0.125, processorSeconds: 0.25, peakMegabytes: 21.5,
            p50Microseconds: 32.5, p99Microseconds: 48)
        #expect(TurnResult(line: result.line) == result)
        #expect(TurnResult(line: "2.0.2 20000 0.1 0.2") == nil)
        #expect(TurnResult(line: "2.0.2 20000 0.1 0.2 x 1 1") == nil)
    }

    @Test func ratesAreOfTheRecords() {
        let result = TurnResult(
            version: "1", records: 2_000, wallSeconds: 0.5, processorSeconds: 0.001, peakMegabytes: 1)
        #expect(result.recordsPerSecond == 4_000)
        #expect(result.processorMicrosecondsPerRecord == 0.5)
    }
}
