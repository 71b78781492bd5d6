import Testing

@testable import Benchmarks

@Suite struct RowTests {
    private let keyed = BenchmarkCase(name: "keyed", summary: "", keys: 1_000)

    private func result(_ version: String, wall: Double, processor: Double) -> TurnResult {
        TurnResult(
            version: version, records: 1_000_000, wallSeconds: wall, processorSeconds: processor, peakMegabytes: 20)
    }

    private func rows(_ benchmark: BenchmarkCase) -> [Row] {
        Row.rows(
            of: benchmark,
            [
                (benchmark.contenders[0], result("2.0.2", wall: 1, processor: 1)),
                (.kafkaLua, result("dev", wall: 0.25, processor: 0.125)),
            ], turns: 5)
    }

    @Test func ratiosAreToLibrdkafka() {
        let rows = rows(keyed)
        #expect(rows[0].speedRatio == nil)
        #expect(rows[1].speedRatio == 4)
        #expect(rows[1].processorRatio == 8)
        #expect(rows[1].addedMicroseconds == nil)
    }

    @Test func aPluginIsComparedWithDoingWithoutIt() {
        let plugin = BenchmarkCase(name: "p", summary: "", way: .script(.positional), plugin: .partitioner)
        let rows = Row.rows(
            of: plugin,
            [
                (.withoutPlugin, result("dev", wall: 1, processor: 0.25)),
                (.kafkaLua, result("dev", wall: 1, processor: 0.5)),
            ], turns: 5)
        #expect(rows[1].addedMicroseconds == 0.25)
        #expect(rows[1].speedRatio == nil)
        #expect(rows[0].addedMicroseconds == nil)
    }

    @Test func aLoneContenderIsComparedWithNobody() {
        let rows = Row.rows(of: keyed, [(.kafkaLua, result("dev", wall: 1, processor: 1))], turns: 1)
        #expect(rows.map(\.speedRatio) == [nil])
    }

    @Test func bytesAreThoseOfKeysAndValues() {
        #expect(rows(keyed)[0].megabytesPerSecond == 110)
        #expect(rows(BenchmarkCase(name: "x", summary: "", valueBytes: 1_000))[0].megabytesPerSecond == 1_000)
    }

    @Test func figuresStandBelowTheirTitles() {
        let text = rows(keyed)[1].text
        #expect(text.count == Row.header.count)
        #expect(
            text.split(separator: " ") == [
                "keyed", "kafka-lua", "dev", "4,000,000", "440.0", "0.125", "20.0", "4.00", "8.00",
            ])
    }

    @Test func jsonIsOneObjectALine() {
        #expect(
            rows(keyed)[1].json == """
                {"case":"keyed","contender":"kafka-lua","version":"dev","records":1000000,"turns":5,\
                "baseline":"librdkafka","recordsPerSecond":4000000.0,"megabytesPerSecond":440.0,\
                "cpuMicrosecondsPerRecord":0.125,"peakMegabytes":20.0,"speedRatio":4.0,"processorRatio":8.0}
                """)
    }

    @Test func jsonEscapesWhatItMust() {
        var line = JSONLine()
        line.add("a\"b", "c\\d\n")
        line.add("none", Double.infinity)
        #expect(line.text == #"{"a\"b":"c\\d\u000a"}"#)
    }
}
