import KafkaProducer

/// What a partitioner answered that says `partition_by = "key"`: it is asked once for a topic, key and number of
/// partitions, and its answer holds as long as it is in force.
///
/// A cache of a bounded size: a key has a few places where it can be, and what has been in one of them for longest goes
/// first. What was lost, and keys that are longer than a place, the script is asked for again. Belongs to the plugin, and
/// so to whoever holds its lock.
struct RememberedPartitions {
    enum Answer: Equatable {
        case partition(Int32)
        /// The script gave nil.
        case builtIn
        case unknown
    }

    /// What a script is asked, in a form that is compared at once.
    struct Question {
        private typealias Words = InlineArray<5, UInt64>
        static let longestKey = MemoryLayout<Words>.size

        /// 0 for none.
        fileprivate var topic = 0
        private var words = Words(repeating: 0)
        private var count: Int32 = 0
        /// −1 for a record without a key.
        private var length: Int32 = 0

        /// No question.
        fileprivate init() {}

        /// nil if the key is too long.
        @inline(__always)
        init?(_ record: borrowing SerializedRecord, among count: Int32) {
            let key = record.bytes.key
            guard key?.count ?? 0 <= Self.longestKey else { return nil }
            topic = record.topicNumber
            self.count = count
            length = Int32(truncatingIfNeeded: key?.count ?? -1)
            if let key { withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: key) } }
        }

        @inline(__always)
        static func == (one: Question, other: Question) -> Bool {
            guard one.topic == other.topic, one.count == other.count, one.length == other.length else { return false }
            var difference: UInt64 = 0
            for index in one.words.indices { difference |= one.words[index] ^ other.words[index] }
            return difference == 0
        }

        @inline(__always)
        var hash: UInt64 {
            var hash = UInt64(truncatingIfNeeded: topic)
            for index in words.indices where index * MemoryLayout<UInt64>.size < length {
                let product = (hash ^ words[index]).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
                hash = product.high ^ product.low
            }
            return hash
        }
    }

    /// A cache line.
    private struct Place {
        var question = Question()
        var partition: Int32 = 0
    }

    static let mostKeys = 16_384
    private static let leastKeys = 1_024
    private static let growth = 4
    /// How many places a key has.
    private static let ways = 4

    private struct Table {
        let places: UnsafeMutableBufferPointer<Place>
        /// How many answers were taken down in it.
        var additions = 0

        init(places count: Int) {
            places = .allocate(capacity: count)
            places.initialize(repeating: Place())
        }

        /// The places of a question.
        @inline(__always)
        func places(of question: Question) -> UnsafeMutablePointer<Place>? {
            let first = Int(truncatingIfNeeded: question.hash) & (places.count / ways - 1)
            return places.baseAddress.map { $0 + first * ways }
        }
    }

    // Behind a pointer, so that looking into it counts no reference.
    private let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)

    init() { table.initialize(to: Table(places: Self.leastKeys)) }

    func deallocate() {
        table.pointee.places.deallocate()
        table.deallocate()
    }

    /// What the script said to that.
    @inline(__always)
    func answer(to question: Question) -> Answer {
        guard let places = table.pointee.places(of: question) else { return .unknown }
        for place in 0..<Self.ways where places[place].question == question {
            let partition = places[place].partition
            return partition < 0 ? .builtIn : .partition(partition)
        }
        return .unknown
    }

    /// Takes an answer down: a partition, or nil for the built-in partitioner.
    func remember(_ partition: Int32?, for question: Question) {
        makeRoom()
        guard let places = table.pointee.places(of: question) else { return }
        // The newest is first: the others move on, and the last of them goes.
        for place in (1..<Self.ways).reversed() { places[place] = places[place - 1] }
        places[0] = Place(question: question, partition: partition ?? -1)
    }

    /// Forgets everything, for the sake of more room, once as much has come as there is room for.
    private func makeRoom() {
        table.pointee.additions += 1
        let count = table.pointee.places.count
        guard table.pointee.additions > count, count < Self.mostKeys else { return }
        let next = Table(places: count * Self.growth)
        table.pointee.places.deallocate()
        table.pointee = next
    }
}
