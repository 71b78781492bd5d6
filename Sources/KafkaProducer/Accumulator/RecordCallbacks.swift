/// The callbacks of a batch's records, in order.
///
/// Most often it is the same one for all of them, and then it is kept once: counting references to it a record, on two
/// threads, would cost more than all the rest of a record's way.
struct RecordCallbacks {
    fileprivate struct Run {
        var first: Int32
        var last: Int32
        let callback: DeliveryCallback
    }

    private var runs: [Run] = []
    /// What the last run's callback is made of.
    private var latest = Identity(function: 0, context: 0)

    /// A closure's function and what it captures: the same both, the same closure.
    private struct Identity: Equatable {
        var function: UInt
        var context: UInt
    }

    var isEmpty: Bool { runs.isEmpty }

    private struct Box {
        let callback: DeliveryCallback
    }

    /// - Parameter index: the record's place in the batch, higher than the last one's.
    mutating func append(_ callback: @escaping DeliveryCallback, for index: Int32) {
        // In a box, since a closure that is handed to generic code by itself is wrapped in another first.
        let identity = unsafeBitCast(Box(callback: callback), to: Identity.self)
        if identity == latest, let place = runs.indices.last, runs[place].last == index - 1 {
            runs[place].last = index
        } else {
            latest = identity
            runs.append(Run(first: index, last: index, callback: callback))
        }
    }

    /// Goes along with the records of the batch, from the first.
    var calls: Calls { Calls(runs: runs[...]) }

    struct Calls {
        fileprivate var runs: ArraySlice<Run>
        private var index: Int32 = 0

        fileprivate init(runs: ArraySlice<Run>) { self.runs = runs }

        /// Calls `body` with the next record's callback, if it has one.
        mutating func next(_ body: (_ index: Int32, _ callback: @escaping DeliveryCallback) -> Void) {
            defer { index += 1 }
            guard let run = runs.first, index >= run.first else { return }
            body(index, run.callback)
            if index == run.last { runs.removeFirst() }
        }
    }
}
