import DequeModule
import KafkaWire
import NIOCore

/// Which request an answer belongs to, and by when it has to come. Pure: no socket, no clock.
///
/// A broker answers a connection's requests in order, so the answer to the first is the one that comes next.
struct ConnectionState<Context> {
    struct Pending {
        var correlationId: Int32
        var api: APIKey
        var version: Int16
        var deadline: NIODeadline
        var context: Context
    }

    private(set) var pending: Deque<Pending> = []
    private var nextCorrelationId: Int32 = 0
    /// Requests that get no answer, and are not written yet.
    private var unwritten = 0
    private var latestActivity = NIODeadline.distantPast

    /// Notes a request that goes out; returns its number.
    mutating func sent(_ api: APIKey, version: Int16, deadline: NIODeadline, context: Context) -> Int32 {
        let id = takeCorrelationId()
        pending.append(
            Pending(correlationId: id, api: api, version: version, deadline: deadline, context: context))
        return id
    }

    /// A number for a request that gets no answer (`acks=0`).
    mutating func takeCorrelationId() -> Int32 {
        defer { nextCorrelationId = nextCorrelationId == .max ? 0 : nextCorrelationId + 1 }
        return nextCorrelationId
    }

    /// The request that an answer belongs to.
    /// - Throws: `KafkaError` of kind `malformed` if nothing was asked, or something else.
    mutating func answered(_ correlationId: Int32) throws(KafkaError) -> Pending {
        guard let first = pending.first else {
            throw KafkaError(.malformed, "an answer that nobody asked for")
        }
        guard first.correlationId == correlationId else {
            throw KafkaError(
                .malformed, "answer \(correlationId) came where \(first.correlationId) was expected")
        }
        return pending.removeFirst()
    }

    /// The request that has waited too long, if there is one.
    func overdue(at now: NIODeadline) -> Pending? {
        pending.first { $0.deadline <= now }
    }

    /// Something was sent, or has come.
    mutating func used(at now: NIODeadline) { latestActivity = max(latestActivity, now) }

    /// A request that gets no answer is given to the socket.
    mutating func beganWriting() { unwritten += 1 }

    /// The socket has it.
    mutating func endedWriting() { unwritten -= 1 }

    /// When a connection is to be closed that is not used from now on; nil while something is under way.
    func idleDeadline(maximum: TimeAmount) -> NIODeadline? {
        pending.isEmpty && unwritten == 0 ? latestActivity + maximum : nil
    }

    /// When to look for overdue requests next.
    var nextDeadline: NIODeadline? { pending.lazy.map(\.deadline).min() }

    /// Gives up everything that waits for an answer.
    mutating func abandon() -> Deque<Pending> {
        defer { pending = [] }
        return pending
    }
}
