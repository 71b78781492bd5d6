import Histogram
import LuaRuntime
import NIOCore

/// `kafka.histogram{}`: how often which value was recorded, by HdrHistogram, in memory that does not grow with their
/// number.
final class ScriptHistogram {
    /// The counts, in multiples of the smallest value that is told from 0.
    struct Counts: Sendable {
        var histogram: Histogram<UInt64>
        /// What one unit of the counts stands for.
        let lowest: Double
        /// The sum of all values and their number, in units.
        private(set) var sum = 0.0

        /// The largest value in units, so that every one of them is a Double's.
        static let maximum = 1 << 53
        /// The library adds up values in 64 bits, rounded up to their buckets: at most by half of themselves.
        private static let largestSum = 0x1p63

        init(_ histogram: Histogram<UInt64>, lowest: Double) {
            self.histogram = histogram
            self.lowest = lowest
        }

        /// Makes sure that so much more can be added up.
        mutating func reserve(_ amount: Double) throws(LuaError) {
            guard sum + amount < Self.largestSum else {
                throw LuaError("the histogram's values are too many and too large: make it with a larger 'lowest'")
            }
            sum += amount
        }

        mutating func reset() {
            histogram.reset()
            sum = 0
        }
    }

    var counts: Counts

    init(_ counts: Counts) { self.counts = counts }

    /// Values that a record later than expected stands for, at most.
    private static let mostCorrections = 10_000_000.0
    private static let defaultLowest = 1e-6

    /// `histogram{lowest =, digits =}`.
    static func make(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, in environment: ScriptEnvironment
    ) throws {
        var lowest = defaultLowest
        var digits = SignificantDigits.three
        if !arguments.isNil(arguments[1]) {
            let lowestField = try arguments.field("lowest", of: arguments[1])
            if !arguments.isNil(lowestField) {
                lowest = try arguments.number(lowestField)
                guard lowest >= 1e-12, lowest <= 1e12 else {
                    throw arguments.invalid(lowestField, "the lowest value is from 1e-12 to 1e12")
                }
            }
            let digitsField = try arguments.field("digits", of: arguments[1])
            if !arguments.isNil(digitsField) {
                let number = try arguments.integer(digitsField)
                guard (1...5).contains(number), let given = SignificantDigits(rawValue: Int8(number)) else {
                    throw arguments.invalid(digitsField, "digits are from 1 to 5")
                }
                digits = given
            }
        }
        let histogram = Histogram<UInt64>(numberOfSignificantValueDigits: digits)
        results.append(ScriptHistogram(Counts(histogram, lowest: lowest)), in: environment)
    }

    // MARK: - Recording

    private func units(_ slot: LuaSlot, in arguments: borrowing LuaFrame) throws(LuaError) -> UInt64 {
        let units = (try arguments.number(slot) / counts.lowest).rounded()
        guard units >= 0, units <= Double(Counts.maximum) else {
            throw arguments.invalid(slot, "a value is from 0 to \(Double(Counts.maximum) * counts.lowest)")
        }
        return UInt64(units)
    }

    private func record(_ arguments: borrowing LuaFrame) throws {
        let value = try units(arguments[1], in: arguments)
        let count = arguments.isNil(arguments[2]) ? 1 : try arguments.integer(arguments[2])
        guard let count = UInt64(exactly: count), count <= Counts.maximum else {
            throw arguments.invalid(arguments[2], "a count is from 0 to \(Counts.maximum)")
        }
        try counts.reserve(Double(value + 1) * Double(count))
        if count > 0 { counts.histogram.record(value, count: count) }
    }

    private func recordSince(_ arguments: borrowing LuaFrame) throws {
        let elapsed = NIODeadline.now().seconds - (try arguments.number(arguments[1]))
        let units = (elapsed / counts.lowest).rounded()
        // Refuses also what is not a number.
        guard units <= Double(Counts.maximum) else {
            throw arguments.invalid(arguments[1], "a time of kafka.clock() or kafka.rate() expected")
        }
        let value = UInt64(max(0, units))
        try counts.reserve(Double(value + 1))
        counts.histogram.record(value)
    }

    private func recordCorrected(_ arguments: borrowing LuaFrame) throws {
        let value = try units(arguments[1], in: arguments)
        let interval = try units(arguments[2], in: arguments)
        guard interval > 0, Double(value) / Double(interval) <= Self.mostCorrections else {
            throw arguments.invalid(arguments[2], "the expected interval is too small")
        }
        try counts.reserve(Double(value + 1) * (Double(value) / Double(interval) + 1))
        counts.histogram.recordCorrectedValue(value, expectedInterval: interval)
    }

    private func merge(_ arguments: borrowing LuaFrame) throws {
        let other = try arguments.object(arguments[1], ScriptHistogram.self, named: "kafka.histogram").counts
        guard
            other.lowest == counts.lowest,
            other.histogram.numberOfSignificantValueDigits == counts.histogram.numberOfSignificantValueDigits
        else { throw arguments.invalid(arguments[1], "the histograms differ in lowest or digits") }
        try counts.reserve(other.sum)
        counts.histogram.add(other.histogram)
    }

    // MARK: - Reading

    private func value(_ units: UInt64) -> Double { Double(units) * counts.lowest }

    private func percentile(_ arguments: borrowing LuaFrame, _ results: inout LuaWriter) throws {
        let percentile = try arguments.number(arguments[1])
        guard percentile >= 0, percentile <= 100 else {
            throw arguments.invalid(arguments[1], "a percentile is from 0 to 100")
        }
        results.append(value(counts.histogram.valueAtPercentile(percentile)))
    }

    static func define(in environment: ScriptEnvironment) throws(LuaError) -> LuaClass<ScriptHistogram> {
        try environment.state.define("kafka.histogram", as: ScriptHistogram.self) { definition in
            definition.method("record") { this, arguments, _ in try this.record(arguments) }
            definition.method("record_since") { this, arguments, _ in try this.recordSince(arguments) }
            definition.method("record_corrected") { this, arguments, _ in try this.recordCorrected(arguments) }
            definition.method("merge") { this, arguments, _ in try this.merge(arguments) }
            definition.method("reset") { this, _, _ in this.counts.reset() }
            definition.method("percentile") { this, arguments, results in try this.percentile(arguments, &results) }
            definition.method("count") { this, _, results in
                results.append(Int64(clamping: this.counts.histogram.totalCount))
            }
            let measures: [(String, (Counts) -> Double)] = [
                ("min", { Double($0.histogram.min) }), ("max", { Double($0.histogram.maxRecorded) }),
                ("mean", { $0.histogram.mean }), ("stddev", { $0.histogram.stdDeviation }),
            ]
            for (name, measure) in measures {
                definition.method(name) { this, _, results in results.append(measure(this.counts) * this.counts.lowest)
                }
            }
            definition.metamethod("__tostring") { this, _, results in
                results.append("kafka.histogram: \(this.counts.histogram.totalCount) values")
            }
        }
    }
}

extension LuaWriter {
    mutating func append(_ histogram: ScriptHistogram, in environment: ScriptEnvironment) {
        if let definition = environment.classes.histogram { append(histogram, as: definition) }
    }
}
