import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct SampledStatTests {
    /// Values by second, and what they come to at a later second.
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var values: [(second: Int64, value: Double)]
        var now: Int64
        var average: Double?
        var maximum: Double?
        /// What the sum is divided by.
        var seconds: Double
        var sum: Double

        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "nothing", values: [], now: 5, average: nil, maximum: nil, seconds: 30, sum: 0),
        Row(
            name: "a window is added to one that has hardly begun", values: [(0, 10), (1, 20), (2, 60)], now: 10,
            average: 30, maximum: 60, seconds: 40, sum: 90),
        Row(
            name: "at once", values: [(0, 4)], now: 0, average: 4, maximum: 4, seconds: 30, sum: 4),
        Row(
            name: "a full window stands for itself", values: [(0, 6)], now: 30, average: 6, maximum: 6, seconds: 30,
            sum: 6),
        Row(name: "two windows", values: [(0, 6), (31, 10)], now: 45, average: 8, maximum: 10, seconds: 45, sum: 16),
        Row(
            name: "a sample counts until its last event is two windows old", values: [(0, 6), (29, 2)], now: 88,
            average: 4, maximum: 6, seconds: 88, sum: 8),
        Row(
            name: "and no longer", values: [(0, 6), (29, 2)], now: 89, average: nil, maximum: nil, seconds: 30, sum: 0),
        Row(
            name: "three samples where the first reaches into the time", values: [(0, 1), (29, 2), (30, 4), (61, 8)],
            now: 62, average: 3.75, maximum: 8, seconds: 62, sum: 15),
        Row(
            name: "the fourth sample takes the place of the first",
            values: [(0, 100), (30, 1), (60, 2), (90, 3)], now: 91, average: 2.5, maximum: 3, seconds: 61 - 30, sum: 5),
        Row(
            name: "negative values have a maximum too", values: [(0, -3), (1, -5)], now: 1, average: -4, maximum: -3,
            seconds: 31, sum: -8),
        Row(
            name: "after a pause only what is new counts", values: [(0, 100), (200, 2), (201, 4)], now: 203,
            average: 3, maximum: 4, seconds: 33, sum: 6),
    ]

    @Test(arguments: rows) func ratesAveragesAndMaximaAreOfTheLastTwoWindows(row: Row) {
        var stat = SampledStat()
        for (second, value) in row.values { stat.record(value, at: .ms(second * 1000)) }
        let now = NIODeadline.ms(row.now * 1000)
        #expect(stat.average(at: now) == row.average)
        #expect(stat.maximum(at: now) == row.maximum)
        #expect(stat.rate(at: now) == row.sum / row.seconds)
    }

    @Test func aValueMayBeTheSumOfSeveralEvents() {
        var stat = SampledStat()
        stat.record(100, events: 4, at: .ms(0))
        stat.record(20, events: 1, at: .ms(1000))
        #expect(stat.average(at: .ms(1000)) == 24)
        #expect(stat.eventRate(at: .ms(10_000)) == 5.0 / 40)
    }

    @Test func aSensorKeepsTotalsForEver() {
        var sensor = Sensor()
        var recording = Recording(now: .ms(0))
        sensor.record(100, events: 4, &recording)
        recording = Recording(now: .ms(1_000_000))
        sensor.record(11, &recording)
        let now = NIODeadline.ms(2_000_000)
        #expect(sensor.value(of: .total, at: now) == 111)
        #expect(sensor.value(of: .eventTotal, at: now) == 5)
        #expect(sensor.value(of: .rate, at: now) == 0)
        #expect(sensor.value(of: .average, at: now) == nil)
        #expect(sensor.value(of: .maximum, at: now) == nil)
    }

    @Test func aRatioIsTheShareOfTime() {
        var sensor = Sensor()
        var recording = Recording(now: .ms(10_000))
        sensor.record(5e9, &recording)
        #expect(sensor.value(of: .ratio, at: .ms(30_000)) == 5.0 / 50)
    }
}
