/// What one turn of a contender, or the median of several, has shown.
struct TurnResult: Sendable, Equatable {
    var version: String
    var records: Int
    var wallSeconds: Double
    var processorSeconds: Double
    var peakMegabytes: Double
    /// Half of the round trips took at most this long; 0 where none were measured.
    var p50Microseconds = 0.0
    /// All but one in a hundred took at most this long.
    var p99Microseconds = 0.0

    var recordsPerSecond: Double { Double(records) / wallSeconds }
    var processorMicrosecondsPerRecord: Double { processorSeconds * 1e6 / Double(records) }
}

extension TurnResult {
    /// The line by which the process of a turn hands its result over: the fields in order.
    var line: String {
        let numbers = [wallSeconds, processorSeconds, peakMegabytes, p50Microseconds, p99Microseconds]
        return ([version, "\(records)"] + numbers.map { "\($0)" }).joined(separator: " ")
    }

    init?(line: String) {
        let fields = line.split(separator: " ")
        let numbers = fields.dropFirst(2).compactMap { Double($0) }
        guard fields.count == 7, numbers.count == 5, let records = Int(fields[1]) else { return nil }
        self.init(
            version: String(fields[0]), records: records, wallSeconds: numbers[0], processorSeconds: numbers[1],
            peakMegabytes: numbers[2], p50Microseconds: numbers[3], p99Microseconds: numbers[4])
    }
}

extension TurnResult {
    /// Each figure's median over turns of the same contender and case; nil where there are none.
    static func median(of turns: [TurnResult]) -> TurnResult? {
        guard var result = turns.first else { return nil }
        let figures: [WritableKeyPath<TurnResult, Double>] = [
            \.wallSeconds, \.processorSeconds, \.peakMegabytes, \.p50Microseconds, \.p99Microseconds,
        ]
        for figure in figures {
            result[keyPath: figure] = percentile(50, of: turns.map { $0[keyPath: figure] }.sorted())
        }
        return result
    }
}

/// The value that `percent` of the sorted values do not exceed, and for half of an even number the mean of the middle.
func percentile(_ percent: Int, of sorted: [Double]) -> Double {
    guard !sorted.isEmpty else { return 0 }
    if percent == 50, sorted.count.isMultiple(of: 2) {
        return (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
    }
    return sorted[min(sorted.count - 1, sorted.count * percent / 100)]
}
