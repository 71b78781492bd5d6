import NIOCore

/// When timers are due. Pure: no clock.
///
/// A timer keeps its beat: it is due at whole intervals after it was made, however late it runs. Beats that were missed
/// are left out, not made up for.
struct TimerSchedule {
    private struct Entry {
        var number: Int
        var due: NIODeadline
        var interval: TimeAmount
    }

    private var entries: [Entry] = []
    private var latestNumber = 0
    /// When the next timer is due; nil if there is none.
    private(set) var nextDue: NIODeadline?

    /// Adds a timer that is due one interval from now, and gives the number it goes by.
    /// - Parameter interval: more than nothing.
    mutating func add(every interval: TimeAmount, from now: NIODeadline) -> Int {
        latestNumber += 1
        entries.append(Entry(number: latestNumber, due: now + interval, interval: interval))
        findNext()
        return latestNumber
    }

    mutating func remove(_ number: Int) {
        entries.removeAll { $0.number == number }
        findNext()
    }

    /// The timers that are due, the one that has waited longest first. Each is due again at its next beat after now.
    mutating func takeDue(at now: NIODeadline) -> [Int] {
        guard let nextDue, nextDue <= now else { return [] }
        let due = entries.filter { $0.due <= now }.sorted { ($0.due, $0.number) < ($1.due, $1.number) }
        for index in entries.indices where entries[index].due <= now {
            let beats = (now - entries[index].due).nanoseconds / entries[index].interval.nanoseconds + 1
            entries[index].due = entries[index].due + entries[index].interval * beats
        }
        findNext()
        return due.map(\.number)
    }

    private mutating func findNext() { nextDue = entries.map(\.due).min() }
}
