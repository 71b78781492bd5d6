import KafkaProducer
import NIOCore
import TestSupport

/// A thread that sends records one after the other, and waits where the producer says so.
struct Caller {
    private struct Sending {
        var number: UInt64
        var partition: Int32?
        var key: [UInt8]?
        var value: [UInt8]
        var progress = ProducerCore.Progress()
        var deadline: NIODeadline
        var latch: Latch?
    }

    private var sending: Sending?

    var isIdle: Bool { sending == nil }

    /// Takes up the next record.
    mutating func begin(_ number: UInt64, scenario: Scenario, now: NIODeadline, chance: inout SeededGenerator) {
        let value = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        let size = Int.random(in: 0..<20, using: &chance) == 0 ? 400 : Int.random(in: 0...40, using: &chance)
        let way = Int.random(in: 0..<3, using: &chance)
        sending = Sending(
            number: number, partition: way == 0 ? Int32.random(in: 0..<scenario.partitions, using: &chance) : nil,
            key: way == 1 ? [UInt8.random(in: 0...9, using: &chance)] : nil,
            value: value + [UInt8](repeating: 0x78, count: size), deadline: now)
    }

    /// Goes on with the record at hand, as far as it can.
    mutating func step(_ journal: Journal, _ core: ProducerCore, topic: Topic, now: NIODeadline) {
        guard var current = sending else { return }
        sending = nil
        if let latch = current.latch, !latch.isOpen {
            guard current.deadline <= now else { return sending = current }
            let future = core.timedOut(
                &current.progress, topic: topic, partition: current.partition,
                callback: journal.callback(current.number))
            return journal.sent(current.number, future)
        }
        if current.latch == nil { current.deadline = now + TimeAmount(core.configuration.maxBlock) }
        do {
            switch try attempt(&current, journal, core, topic) {
            case .sent(let future): journal.sent(current.number, future)
            case .mustWait(let latch):
                current.latch = latch
                sending = current
            }
        } catch {
            journal.refused(current.number, error)
        }
    }

    private func attempt(
        _ sending: inout Sending, _ journal: Journal, _ core: ProducerCore, _ topic: Topic
    ) throws -> ProducerCore.Attempt {
        let callback = journal.callback(sending.number)
        let (key, value, partition) = (sending.key, sending.value, sending.partition)
        return try value.withUnsafeBytes { value in
            try (key ?? []).withUnsafeBytes { keyBytes in
                let record = RecordBytes(key: key == nil ? nil : keyBytes, value: value, timestamp: 1)
                if sending.latch == nil,
                    let future = core.appendDirectly(
                        &sending.progress, record, to: topic, partition: partition, headers: Headers(),
                        callback: callback)
                {
                    return .sent(future)
                }
                return try core.attempt(
                    &sending.progress, record, to: topic, partition: partition, headers: Headers(), callback: callback)
            }
        }
    }
}
