/// Which generation of the partitioner each record of a batch belongs to: most often the same for all of them.
struct RecordGenerations: Sendable {
    private struct Run {
        var first: Int32
        var generation: Int
    }

    private var latest = -1
    private var runs: [Run] = []

    @inline(__always)
    mutating func append(_ generation: Int, for index: Int32) {
        if generation == latest { return }
        latest = generation
        runs.append(Run(first: index, generation: generation))
    }

    /// −1 for a record of no generation.
    subscript(index: Int32) -> Int {
        if runs.isEmpty { return -1 }
        return runs.last { $0.first <= index }?.generation ?? -1
    }
}
