import Testing

@testable import kafka_lua

@Suite struct ThroughputSeriesTests {
    @Test func recordsAreCountedByInterval() {
        var series = ThroughputSeries(interval: 100)
        for time in [0, 99, 100, 250, -5] { series.add(at: Int64(time)) }
        #expect(series.counts == [3, 1, 1])
        #expect(series.rates(until: 250).map { $0 / 1e7 } == [3, 1, 2])
    }

    @Test func aLongTimeHasLongerIntervals() {
        var series = ThroughputSeries(interval: 1)
        for time in 0..<1_000 { series.add(at: Int64(time)) }
        #expect(series.interval == 16)
        #expect(series.counts.count == 63)
        #expect(series.counts.dropLast().allSatisfy { $0 == 16 })
        #expect(series.counts.reduce(0, +) == 1_000)
        series.add(at: .max)
        #expect(series.counts.count <= ThroughputSeries.capacity)
        #expect(series.counts.reduce(0, +) == 1_001)
    }
}
