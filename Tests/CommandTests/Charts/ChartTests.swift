import Histogram
import KafkaProducer
import Testing

@testable import kafka_lua

@Suite struct ChartTests {
    private func style(_ width: Int = 40, _ glyphs: Glyphs = .unicode, colours: Bool = false) -> ChartStyle {
        ChartStyle(width: width, glyphs: glyphs, palette: Palette(isEnabled: colours))
    }

    @Test(arguments: [
        (["LANG": "en_US.UTF-8"], true), (["LANG": "C"], false), ([:], false),
        (["LC_ALL": "C", "LANG": "en_US.UTF-8"], false), (["LC_ALL": "", "LC_CTYPE": "UTF-8"], true),
        (["LC_CTYPE": "de_DE.utf8"], true), (["LANG": "de_DE@euro"], false),
    ])
    func charactersAreThoseOfTheLocale(_ locale: (environment: [String: String], isUnicode: Bool)) {
        #expect(Glyphs.of { locale.environment[$0] } == (locale.isUnicode ? .unicode : .ascii))
    }

    @Test func aSparklineIsAsHighAsItsValues() {
        #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], width: 40, glyphs: .unicode) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], width: 4, glyphs: .unicode) == "▂▄▆█")
        #expect(Sparkline.text([0, 7, 3], width: 40, glyphs: .ascii) == "_#:")
        #expect(Sparkline.text([0, 0], width: 40, glyphs: .unicode) == "▁▁")
        #expect(Sparkline.text([], width: 40, glyphs: .unicode) == "")
    }

    @Test func barsAreLongerThanNothingAndFillTheRoom() {
        #expect(BarChart.bar(1, width: 3, .unicode) == "███")
        #expect(BarChart.bar(0.5, width: 3, .unicode) == "█▌")
        #expect(BarChart.bar(0.0001, width: 3, .unicode) == "▏")
        #expect(BarChart.bar(0, width: 3, .unicode) == "")
        #expect(BarChart.bar(0.5, width: 3, .ascii) == "##")
    }

    @Test(arguments: [
        (0.0, "0"), (0.456, "0.46"), (12.34, "12.3"), (1_240, "1,240"), (-1_240.4, "-1,240"), (.infinity, "-"),
    ])
    func numbersAreShort(_ number: (value: Double, text: String)) {
        #expect(ChartNumber.short(number.value) == number.text)
    }

    @Test(arguments: [(0.0, "0 µs"), (250, "250 µs"), (1_000, "1 ms"), (1_250, "1.25 ms"), (30_000_000, "30 s")])
    func timesHaveTheirUnit(_ time: (microseconds: Double, text: String)) {
        #expect(ChartNumber.time(microseconds: time.microseconds, .unicode) == time.text)
    }

    // MARK: - Pictures

    @Test func skewIsSeen() {
        let lines = PartitionChart.lines([100, 0, 300, 1_200], topic: "orders", style())
        #expect(
            lines == [
                "partitions  orders, skew 3.00×,",
                "  1 of 4 empty",
                "0  █▉                        100   6.3 %",
                "1                              0   0.0 %",
                "2  █████▌                    300  18.8 %",
                "3  ██████████████████████  1,200  75.0 %",
            ])
        #expect(lines.dropFirst(2).allSatisfy { DisplayWidth.of($0) == 40 })
        let plain = PartitionChart.lines([1, 1], topic: "\u{1B}[2J", style(40, .ascii))
        #expect(plain[0] == #"partitions  \x1b[2J, skew 1.00x"#)
        #expect(plain[1] == "0  ##########################  1  50.0 %")
        #expect(PartitionChart.lines([0, 0], topic: "t", style()) == [])
    }

    @Test func ofManyPartitionsTheFullestAreSeen() {
        var counts = Array(repeating: 10, count: 100)
        counts[42] = 1_000
        counts[7] = 3
        let lines = PartitionChart.lines(counts, topic: "t", style(60))
        #expect(lines.count == 1 + PartitionChart.mostBars)
        #expect(lines.contains { $0.hasPrefix("42  ███") })
        #expect(lines.last == "85 more, 3 to 10 each")
    }

    @Test func latenciesAreSeen() {
        var latency = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        latency.record(700, count: 30)
        latency.record(1_500, count: 60)
        latency.record(40_000, count: 10)
        #expect(
            LatencyChart.lines(latency, style(44)) == [
                "latency  p50 1.5 ms, p99 40 ms, max 40 ms",
                "500 µs – 1 ms  ██████████▌            30.0 %",
                "  1 ms – 2 ms  █████████████████████  60.0 %",
                "  2 ms – 5 ms                          0.0 %",
                " 5 ms – 10 ms                          0.0 %",
                "10 ms – 20 ms                          0.0 %",
                "20 ms – 50 ms  ███▌                   10.0 %",
            ])
        #expect(LatencyChart.lines(latency, style(44, .ascii))[1] == "500 us - 1 ms  ###########            30.0 %")
    }

    @Test func throughputIsSeen() {
        #expect(
            ThroughputChart.lines([1_000, 2_000, 3_000], interval: 10_000_000, style()) == [
                "records/s  most 3,000, mean 2,000", "▃▆█", "10 ms a character",
            ])
        #expect(
            ThroughputChart.lines(Array(repeating: 5, count: 120), interval: 1_000_000_000, style()).last
                == "about 3 s a character")
    }

    @Test func topicsAreSeenWithTheirFailures() {
        let topics: [DeliveryFigures.Topic] = [
            .init(name: "few", delivered: 10), .init(name: "a-name-longer-than-a-third", delivered: 300, failed: 2),
        ]
        #expect(
            TopicChart.lines(topics, style(60)) == [
                "topics  2",
                "a-name-longer-than-~  ███████████████████████  300, 2 failed",
                "                 few  ▊                                   10",
            ])
    }

    @Test(arguments: [40, 60, 80, 100]) func noPictureIsWiderThanItsWidth(width: Int) {
        for glyphs in [Glyphs.unicode, .ascii] {
            for line in DeliveryCharts.text(Self.figures, style(width, glyphs)).split(separator: "\n") {
                #expect(DisplayWidth.of(String(line)) <= width, "\(line)")
                if glyphs == .ascii { #expect(line.utf8.allSatisfy { $0 < 0x80 }) }
            }
        }
    }

    @Test func coloursAreThereWhereTheyAreWanted() {
        #expect(!DeliveryCharts.text(Self.figures, style(60)).contains("\u{1B}"))
        let text = DeliveryCharts.text(Self.figures, style(60, colours: true))
        #expect(text.contains("\u{1B}[33m█"))
    }

    @Test func nothingHasNoPicture() {
        #expect(DeliveryCharts.text(DeliveryFigures(start: 0), style()) == "")
    }

    // MARK: - The page

    @Test func thePageStandsByItselfAndEscapesNames() {
        var figures = Self.figures
        figures.add(RecordMetadata(topic: "<script>'\"&", partition: 0), nil, due: 0, now: 1_000_000)
        let page = DeliveryPage.html(title: "a < b", rows: [("x", "<y>")], figures)
        #expect(page.contains("<title>a &lt; b</title>"))
        #expect(page.contains("<td>&lt;y&gt;</td>"))
        #expect(page.contains("Partitions of &lt;script&gt;&#39;&quot;&amp;: skew"))
        for outside in ["<script", "http://", "https://", "src=", "url("] { #expect(!page.contains(outside)) }
        #expect(page.ranges(of: "<svg").count == page.ranges(of: "</svg>").count)
        #expect(page.ranges(of: "<svg").count == 2 + figures.topics.count + 2)
    }

    /// Two topics, skewed partitions, some failures.
    private static let figures = {
        var figures = DeliveryFigures(start: 0)
        for number in 0..<2_000 {
            let topic = number % 10 == 0 ? "returns" : "orders-with-a-rather-long-name"
            let partition = number % 3 == 0 ? Int32(number % 5) : 1
            let metadata = RecordMetadata(topic: topic, partition: partition, serializedValueSize: 100)
            let now = Int64(number) * 1_000_000
            figures.add(metadata, nil, due: now - Int64(number % 100) * 100_000, now: now)
        }
        figures.add(RecordMetadata(topic: "returns"), KafkaError(.timeout, "late"), due: 0, now: 3_000_000_000)
        return figures
    }()
}
