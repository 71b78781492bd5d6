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

    /// Why `send` threw the last time.
    private(set) var refusal: (any Error)?
    private var begun: UInt64 = 0
    private var offsets = 0

    func begin(_ number: UInt64) { entries[number] = Entry() }

    /// Begins a record of the next number.
    func beginNext() -> UInt64 {
        defer { begun += 1 }
        begin(begun)
        return begun
    }

    /// A number for offsets, from 1.
    func beginOffsets() -> Int {
        offsets += 1
        return offsets
    }

    func callback(_ number: UInt64) -> DeliveryCallback {
        { [self] metadata, error in entries[number]?.completions.append((metadata, error)) }
    }

    func sent(_ number: UInt64, _ future: DeliveryFuture) {
        entries[number]?.future = future
        entries[number]?.place = accepted
        accepted += 1
    }

    func refused(_ number: UInt64, _ error: any Error) {
        entries.removeValue(forKey: number)
        refusal = error
    }

    var isComplete: Bool { entries.values.allSatisfy { !$0.completions.isEmpty } }
}
