import KafkaProducer
import KafkaWire

/// What a partitioner answered that says `partition_by = "key"`: it is asked once for a topic, key and number of
/// partitions, and its answer holds as long as it is in force.
///
/// A cache of a bounded size: a key has a few places where it can be, and the one of them that was taken last goes first.
/// What it has lost, and keys that are longer than a place, the script is asked for again. Belongs to the plugin, and so to
/// whoever holds its lock.
struct RememberedPartitions {
    enum Answer: Equatable {
        case partition(Int32)
        /// The script gave nil.
        case builtIn
        case unknown
    }

    /// A cache line.
    private struct Place {
        /// 0 for none.
        var topic = 0
        var count: Int32 = 0
        var partition: Int32 = 0
        /// −1 for a record without a key.
        var length: Int32 = 0
        var key = InlineArray<44, UInt8>(repeating: 0)
    }

    static let longestKey = 44
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
    }

    // Behind a pointer, so that looking into it counts no reference.
    private let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
    private var places: UnsafeMutableBufferPointer<Place> { table.pointee.places }

    init() { table.initialize(to: Table(places: Self.leastKeys)) }

    func deallocate() {
        places.deallocate()
        table.deallocate()
    }

    /// What the script said of such a record.
    @inline(__always)
    func answer(for record: borrowing SerializedRecord, among count: Int32) -> Answer {
        let key = record.bytes.key
        guard key?.count ?? 0 <= Self.longestKey else { return .unknown }
        let first = firstPlace(of: key, record.topicNumber)
        for place in first..<first + Self.ways where isTaken(place, by: key, record.topicNumber, count) {
            let partition = places[place].partition
            return partition < 0 ? .builtIn : .partition(partition)
        }
        return .unknown
    }

    /// Takes an answer down: a partition, or nil for the built-in partitioner.
    func remember(_ partition: Int32?, for record: borrowing SerializedRecord, among count: Int32) {
        let key = record.bytes.key
        guard key?.count ?? 0 <= Self.longestKey else { return }
        makeRoom()
        let first = firstPlace(of: key, record.topicNumber)
        // The newest is first: the others move on, and the last of them goes.
        for place in (first + 1..<first + Self.ways).reversed() { places[place] = places[place - 1] }
        var place = Place(
            topic: record.topicNumber, count: count, partition: partition ?? -1, length: Int32(key?.count ?? -1))
        if let key {
            var bytes = place.key.mutableSpan
            for index in key.indices { bytes[index] = key[index] }
        }
        places[first] = place
    }

    /// Forgets everything, for the sake of more room, once as much has come as there is room for.
    private func makeRoom() {
        table.pointee.additions += 1
        guard table.pointee.additions > places.count, places.count < Self.mostKeys else { return }
        let next = Table(places: places.count * Self.growth)
        places.deallocate()
        table.pointee = next
    }

    @inline(__always)
    private func firstPlace(of key: UnsafeRawBufferPointer?, _ topic: Int) -> Int {
        let hash = Self.hash(key) &+ UInt(bitPattern: topic)
        return Int(truncatingIfNeeded: hash &* UInt(Self.ways)) & (places.count - 1)
    }

    /// Eight bytes at a time, the last ones perhaps twice.
    @inline(__always)
    private static func hash(_ key: UnsafeRawBufferPointer?) -> UInt {
        guard let key else { return 0 }
        var hash = UInt(bitPattern: key.count)
        func add(_ word: UInt) {
            let product = (hash ^ word).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
            hash = product.high ^ product.low
        }
        let size = MemoryLayout<UInt>.size
        if key.count >= size {
            for offset in stride(from: 0, to: key.count - size, by: size) {
                add(key.loadUnaligned(fromByteOffset: offset, as: UInt.self))
            }
            add(key.loadUnaligned(fromByteOffset: key.count - size, as: UInt.self))
        } else {
            for byte in key { add(UInt(byte)) }
        }
        return hash
    }

    @inline(__always)
    private func isTaken(_ place: Int, by key: UnsafeRawBufferPointer?, _ topic: Int, _ count: Int32) -> Bool {
        guard places[place].topic == topic, places[place].count == count,
            places[place].length == Int32(key?.count ?? -1)
        else { return false }
        guard let key else { return true }
        return places[place].key.span.bytes.withUnsafeBytes {
            key.equals(UnsafeRawBufferPointer(rebasing: $0.prefix(key.count)))
        }
    }
}
