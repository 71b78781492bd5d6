import KafkaProducer
import KafkaWire
import NIOCore
import TestSupport

/// What the brokers know of the transactions of one id, and of the offsets that go with them. What takes a broker time
/// takes it here: markers are written one by one, and a coordinator that has moved loads first.
final class VirtualTransactions {
    struct Place {
        var node: Int32 = 0
        var isLoading = false
        var moves = 0
    }

    var coordinator: StrictCoordinator
    var groups: [String: StrictGroup] = [:]
    /// By transactional id or group.
    private(set) var places: [String: Place] = [:]
    /// Whether brokers have agreed on `transaction.version` 2 at any time.
    var knowsImplicit = false
    /// How often a transaction took its producer too long.
    private(set) var timeouts = 0

    private let later: (TimeAmount, @escaping () -> Void) -> Void
    private var chance: SeededGenerator

    init(_ scenario: Scenario, later: @escaping (TimeAmount, @escaping () -> Void) -> Void) {
        self.later = later
        chance = SeededGenerator(seed: scenario.seed ^ 0x7a7a)
        coordinator = StrictCoordinator(producerId: 5000, epoch: scenario.transactions?.firstEpoch ?? -1)
        for key in scenario.coordinatedKeys { places[key] = Place() }
    }

    func move(_ key: String, to node: Int32) {
        let moves = (places[key]?.moves ?? 0) + 1
        places[key] = Place(node: node, isLoading: true, moves: moves)
        later(.milliseconds(Int64.random(in: 0...200, using: &chance))) { [self] in
            if places[key]?.moves == moves { places[key]?.isLoading = false }
        }
    }

    // MARK: - By and by

    /// Aborts the transaction that has just begun if its producer takes too long.
    /// - Parameter fenced: called if it did; markers are to be written then.
    func watch(timeoutMs: Int32, fenced: @escaping () -> Void) {
        let ends = coordinator.ends
        later(.milliseconds(Int64(timeoutMs))) { [self] in
            guard coordinator.isOngoing, coordinator.ends == ends else { return }
            timeouts += 1
            coordinator.fence()
            fenced()
        }
    }

    /// Writes the parts of a marker, each when it can be; the transaction has ended then.
    /// - Parameter canWrite: whether the leader of a partition is there.
    func write(
        _ marker: StrictCoordinator.Marker, canWrite: @escaping (Int32) -> Bool, toPartition: @escaping (Int32) -> Void
    ) {
        for partition in marker.partitions.sorted() {
            attempt({ canWrite(partition) }) { [self] in
                toPartition(partition)
                coordinator.written(toPartition: partition)
            }
        }
        for group in marker.groups.sorted() {
            attempt({ true }) { [self] in
                groups[group, default: StrictGroup()].end(by: marker.identity.id, commits: marker.commits)
                coordinator.written(toGroup: group)
            }
        }
        if marker.partitions.isEmpty, marker.groups.isEmpty { attempt({ true }) {} }
    }

    private func attempt(_ isPossible: @escaping () -> Bool, _ body: @escaping () -> Void) {
        // Mostly soon, now and then late.
        let most: Int64 = Int.random(in: 0..<10, using: &chance) == 0 ? 150 : 5
        later(.milliseconds(Int64.random(in: 0...most, using: &chance))) { [self] in
            guard isPossible() else { return attempt(isPossible, body) }
            body()
            coordinator.completeIfWritten()
        }
    }
}
