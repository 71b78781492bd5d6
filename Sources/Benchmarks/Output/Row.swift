/// A contender's figures at one case, beside those of the contender it is compared with.
struct Row {
    let benchmark: BenchmarkCase
    let contender: ContenderName
    /// The medians of its turns.
    let result: TurnResult
    /// How many turns there were.
    let turns: Int
    /// Who it is compared with, and that one's medians; nil where this is the baseline or none was measured.
    let baseline: (contender: ContenderName, result: TurnResult)?

    /// Bytes of keys and values, by 10^6.
    var megabytesPerSecond: Double {
        let bytes = benchmark.valueBytes + (benchmark.keys > 0 ? BenchmarkCase.keyBytes : 0)
        return result.recordsPerSecond * Double(bytes) / 1e6
    }

    /// How many times librdkafka's records a second.
    var speedRatio: Double? {
        librdkafka.map { result.recordsPerSecond / $0.recordsPerSecond }
    }

    /// How many times less processor time a record than librdkafka.
    var processorRatio: Double? {
        librdkafka.map { $0.processorMicrosecondsPerRecord / result.processorMicrosecondsPerRecord }
    }

    /// What a plugin costs: processor time a record above that without it.
    var addedMicroseconds: Double? {
        guard let baseline, baseline.contender == .withoutPlugin else { return nil }
        return result.processorMicrosecondsPerRecord - baseline.result.processorMicrosecondsPerRecord
    }

    var isRoundTrip: Bool { result.p50Microseconds > 0 }

    private var librdkafka: TurnResult? {
        baseline.flatMap { $0.contender == .librdkafka ? $0.result : nil }
    }

    /// The rows of a case, in the order of the contenders.
    static func rows(
        of benchmark: BenchmarkCase, _ results: [(contender: ContenderName, result: TurnResult)], turns: Int
    ) -> [Row] {
        let baseline = results.first { $0.contender.isBaseline }
        return results.map { contender, result in
            Row(
                benchmark: benchmark, contender: contender, result: result, turns: turns,
                baseline: contender.isBaseline ? nil : baseline)
        }
    }
}

extension Row {
    /// The columns of figures: title, name in JSON, digits after the point, value.
    private static let columns: [(title: String, name: String, digits: Int, value: @Sendable (Row) -> Double?)] = [
        ("records/s", "recordsPerSecond", 0, { $0.result.recordsPerSecond }),
        ("MB/s", "megabytesPerSecond", 1, { $0.megabytesPerSecond }),
        ("CPU µs/record", "cpuMicrosecondsPerRecord", 3, { $0.result.processorMicrosecondsPerRecord }),
        ("added µs", "addedCpuMicrosecondsPerRecord", 3, { $0.addedMicroseconds }),
        ("peak MB", "peakMegabytes", 1, { $0.result.peakMegabytes }),
        ("p50 µs", "p50Microseconds", 1, { $0.isRoundTrip ? $0.result.p50Microseconds : nil }),
        ("p99 µs", "p99Microseconds", 1, { $0.isRoundTrip ? $0.result.p99Microseconds : nil }),
        ("× speed", "speedRatio", 2, { $0.speedRatio }),
        ("× less CPU", "processorRatio", 2, { $0.processorRatio }),
    ]

    static var header: String {
        "case".left(nameWidth) + "contender".left(19) + columns.map { $0.title.right(width($0.title)) }.joined()
    }

    /// The row of the table.
    var text: String {
        let name = "\(contender.rawValue) \(result.version)"
        let figures = Self.columns.map { column in
            (column.value(self).map { figure($0, digits: column.digits) } ?? "").right(Self.width(column.title))
        }
        return benchmark.name.left(Self.nameWidth) + name.left(19) + figures.joined()
    }

    /// The row as a JSON object in one line.
    var json: String {
        var line = JSONLine()
        line.add("case", benchmark.name)
        line.add("contender", contender.rawValue)
        line.add("version", result.version)
        line.add("records", result.records)
        line.add("turns", turns)
        if let baseline { line.add("baseline", baseline.contender.rawValue) }
        for column in Self.columns {
            if let value = column.value(self) { line.add(column.name, value) }
        }
        return line.text
    }

    /// Enough for the names of all cases.
    static let nameWidth = (BenchmarkCase.all.map(\.name.count).max() ?? 0) + 2

    private static func width(_ title: String) -> Int {
        max(11, title.count + 2)
    }
}
