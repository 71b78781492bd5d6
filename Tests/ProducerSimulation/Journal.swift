import KafkaProducer

/// What was sent, and what the producer said of it.
final class Journal: @unchecked Sendable {
    struct Entry {
        /// Its place among all that were accepted, in order; nil if `send` threw.
        var place: Int?
        var future: DeliveryFuture?
        var completions: [(metadata: RecordMetadata, error: KafkaError?)] = []
    }

    private(set) var entries: [UInt64: Entry] = [:]
    private var accepted = 0

    func begin(_ number: UInt64) { entries[number] = Entry() }

    func callback(_ number: UInt64) -> DeliveryCallback {
        { [self] metadata, error in entries[number]?.completions.append((metadata, error)) }
    }

    func sent(_ number: UInt64, _ future: DeliveryFuture) {
        entries[number]?.future = future
        entries[number]?.place = accepted
        accepted += 1
    }

    func refused(_ number: UInt64, _ error: any Error) { entries.removeValue(forKey: number) }

    var isComplete: Bool { entries.values.allSatisfy { !$0.completions.isEmpty } }
}
