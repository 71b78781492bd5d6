/// A contender's figures at one case, beside those of the contender it is compared with.
struct Row {
    let benchmark: BenchmarkCase
    let contender: ContenderName
    let result: TurnResult
    /// The result of the baseline, nil where this is the baseline or none was measured.
    let baseline: TurnResult?

    /// Bytes of keys and values, by 10^6.
    var megabytesPerSecond: Double {
        result.recordsPerSecond * Double(benchmark.valueBytes + (benchmark.keys > 0 ? 10 : 0)) / 1e6
    }

    /// How many times the baseline's records a second.
    var speedRatio: Double? {
        baseline.map { result.recordsPerSecond / $0.recordsPerSecond }
    }

    /// How many times less processor time a record than the baseline.
    var processorRatio: Double? {
        baseline.map { $0.processorMicrosecondsPerRecord / result.processorMicrosecondsPerRecord }
    }

    var isRoundTrip: Bool { result.p50Microseconds > 0 }
}

extension Row {
    /// The columns of figures: title, name in JSON, digits after the point, value.
    private static let columns: [(title: String, name: String, digits: Int, value: @Sendable (Row) -> Double?)] = [
        ("records/s", "recordsPerSecond", 0, { $0.result.recordsPerSecond }),
        ("MB/s", "megabytesPerSecond", 1, { $0.megabytesPerSecond }),
        ("CPU µs/record", "cpuMicrosecondsPerRecord", 3, { $0.result.processorMicrosecondsPerRecord }),
        ("peak MB", "peakMegabytes", 1, { $0.result.peakMegabytes }),
        ("p50 µs", "p50Microseconds", 1, { $0.isRoundTrip ? $0.result.p50Microseconds : nil }),
        ("p99 µs", "p99Microseconds", 1, { $0.isRoundTrip ? $0.result.p99Microseconds : nil }),
        ("× speed", "speedRatio", 2, { $0.speedRatio }),
        ("× less CPU", "processorRatio", 2, { $0.processorRatio }),
    ]

    static var header: String {
        "case".left(17) + "contender".left(19) + columns.map { $0.title.right(width($0.title)) }.joined()
    }

    /// The row of the table.
    var text: String {
        let name = "\(contender.rawValue) \(result.version)"
        let figures = Self.columns.map { column in
            (column.value(self).map { figure($0, digits: column.digits) } ?? "").right(Self.width(column.title))
        }
        return benchmark.name.left(17) + name.left(19) + figures.joined()
    }

    /// The row as a JSON object in one line; names and versions need no escapes.
    var json: String {
        let words = [("case", benchmark.name), ("contender", contender.rawValue), ("version", result.version)]
        let figures = Self.columns.compactMap { column in
            column.value(self).map { "\"\(column.name)\":\($0)" }
        }
        let fields = words.map { "\"\($0.0)\":\"\($0.1)\"" } + ["\"records\":\(result.records)"] + figures
        return "{" + fields.joined(separator: ",") + "}"
    }

    private static func width(_ title: String) -> Int {
        max(12, title.count + 2)
    }
}
