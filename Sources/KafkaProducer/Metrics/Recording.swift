import NIOCore

/// One visit to the sensors: when it is, and what a metrics backend is to be told of it once their lock is free.
struct Recording {
    let now: NIODeadline
    var reports: [Report] = []
}

/// A value for a metrics backend.
struct Report: Sendable {
    let instrument: Instrument
    let value: Double
    let events: Int

    func deliver() { instrument.report(value, events: events) }
}
