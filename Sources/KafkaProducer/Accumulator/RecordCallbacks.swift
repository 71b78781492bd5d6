/// The callbacks of a batch's records, in order.
///
/// Most often it is the same one for all of them, and then it is kept once: counting references to it a record, on two
/// threads, would cost more than all the rest of a record's way.
struct RecordCallbacks {
    /// Records one after the other that have the same callback.
    struct Run {
        var first: Int32
        var last: Int32
        let callback: DeliveryCallback
    }

    private var closed: [Run] = []
    private var latest: Run?
    /// The last record of the latest run, so that a record more does not touch the run.
    private var latestIndex: Int32 = -1
    /// What the latest run's callback is made of.
    private var identity = Identity(function: 0, context: 0)

    /// A closure's function and what it captures: the same both, the same closure.
    private struct Identity: Equatable {
        var function: UInt
        var context: UInt
    }

    private struct Box {
        let callback: DeliveryCallback
    }

    var isEmpty: Bool { latest == nil }

    /// All runs, in the order of their records.
    var runs: [Run] {
        guard var latest else { return [] }
        latest.last = latestIndex
        return closed + [latest]
    }

    /// - Parameter index: the record's place in the batch, higher than the last one's.
    @inline(__always)
    mutating func append(_ callback: DeliveryCallback?, for index: Int32) {
        guard let callback else { return }
        // In a box, since a closure that is handed to generic code by itself is wrapped in another first.
        let identity = unsafeBitCast(Box(callback: callback), to: Identity.self)
        if identity == self.identity, index == latestIndex + 1 {
            latestIndex = index
        } else {
            begin(callback, identity, at: index)
        }
    }

    @inline(never)
    private mutating func begin(_ callback: @escaping DeliveryCallback, _ identity: Identity, at index: Int32) {
        if var former = latest {
            former.last = latestIndex
            closed.append(former)
        }
        latest = Run(first: index, last: index, callback: callback)
        latestIndex = index
        self.identity = identity
    }
}
