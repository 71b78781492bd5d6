import LuaRuntime
import NIOCore
import Synchronization

/// The timers of a script, with what they call.
final class ScriptTimers {
    struct Entry {
        var callback: LuaFunction
        /// The timer as the script has it.
        var timer: LuaReference
    }

    private var schedule = TimerSchedule()
    private var entries: [Int: Entry] = [:]
    private let alarm = Alarm()
    /// Wakes whoever runs timers and waits elsewhere, as a prompt does; from any thread.
    var wake: (@Sendable () -> Void)? { didSet { setAlarm() } }
    private var asked = 0
    /// Asked before each record, where the checks of access to a variable would cost more than the question.
    private let isEmpty = Atomic(true)

    /// When the next one is due; nil if there is none.
    var nextDue: NIODeadline? { schedule.nextDue }

    /// Whether one is due. Cheap to ask before each record: the clock is read every 16th time.
    var mayBeDue: Bool {
        guard !isEmpty.load(ordering: .relaxed), let due = schedule.nextDue else { return false }
        asked &+= 1
        return asked & 15 == 0 && due <= .now()
    }

    func add(every interval: TimeAmount, _ entry: (Int) throws(LuaError) -> Entry) throws(LuaError) {
        let number = schedule.add(every: interval, from: .now())
        do throws(LuaError) { entries[number] = try entry(number) } catch {
            cancel(number)
            throw error
        }
        setAlarm()
    }

    func isActive(_ number: Int) -> Bool { entries[number] != nil }

    func cancel(_ number: Int) {
        schedule.remove(number)
        entries[number] = nil
        setAlarm()
    }

    func cancelAll() {
        schedule = TimerSchedule()
        entries = [:]
        setAlarm()
    }

    /// Gives each timer that is due to the body, unless one before it has cancelled it.
    func runDue(_ body: (Entry) throws(LuaError) -> Void) throws(LuaError) {
        let due = schedule.takeDue(at: .now())
        guard !due.isEmpty else { return }
        defer { setAlarm() }
        for number in due {
            if let entry = entries[number] { try body(entry) }
        }
    }

    private func setAlarm() {
        isEmpty.store(schedule.nextDue == nil, ordering: .relaxed)
        if let wake { alarm.set(schedule.nextDue, wake) }
    }
}

/// Calls a closure at a time.
private final class Alarm {
    private var task: Task<Void, Never>?

    deinit { task?.cancel() }

    /// Forgets the time that was set before.
    func set(_ deadline: NIODeadline?, _ ring: @escaping @Sendable () -> Void) {
        task?.cancel()
        task = deadline.map { deadline in
            Task {
                try? await Task.sleep(for: .nanoseconds((deadline - .now()).nanoseconds))
                if !Task.isCancelled { ring() }
            }
        }
    }
}
