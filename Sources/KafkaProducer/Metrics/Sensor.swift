import NIOCore

/// Takes values of one kind, such as the sizes of batches, from which several metrics are made (Java's Sensor).
struct Sensor: Sendable {
    private var recent = SampledStat()
    private var total = 0.0
    private var events = 0
    /// Who else is told; empty without a metrics backend.
    var instruments: [Instrument] = []

    /// Notes a value.
    /// - Parameter events: how many events the value is the sum of.
    mutating func record(_ value: Double, events: Int = 1, _ recording: inout Recording) {
        recent.record(value, events: events, at: recording.now)
        total += value
        self.events += events
        for instrument in instruments {
            recording.reports.append(Report(instrument: instrument, value: value, events: events))
        }
    }

    /// A statistic of what was recorded; nil if it needs values and there was none of late.
    func value(of statistic: Statistic, at now: NIODeadline) -> Double? {
        switch statistic {
        case .average: recent.average(at: now)
        case .maximum: recent.maximum(at: now)
        case .rate: recent.rate(at: now)
        case .total: total
        case .eventRate: recent.eventRate(at: now)
        case .eventTotal: Double(events)
        case .ratio: recent.rate(at: now) / 1e9
        }
    }
}
