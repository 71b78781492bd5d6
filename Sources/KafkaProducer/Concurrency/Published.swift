import Synchronization

/// The current version of an immutable object, read without a lock and without counting references.
///
/// Former versions are kept until the publisher itself goes, since a reader may still be looking at one: for values
/// that change seldom, such as the partitions of a topic.
struct Published<Value: AnyObject & Sendable>: ~Copyable, Sendable {
    private let address = Atomic<UInt>(0)
    private let versions = Mutex<[Value]>([])

    init(_ value: Value? = nil) {
        if let value { publish(value) }
    }

    func publish(_ value: Value) {
        versions.withLock { versions in
            if !versions.contains(where: { $0 === value }) { versions.append(value) }
            address.store(UInt(bitPattern: Unmanaged.passUnretained(value).toOpaque()), ordering: .releasing)
        }
    }

    /// Calls `body` with the current version, or returns nil if nothing has been published.
    @inline(__always)
    func withCurrent<Result, Failure: Error>(_ body: (Value) throws(Failure) -> Result) throws(Failure) -> Result? {
        guard let pointer = UnsafeRawPointer(bitPattern: address.load(ordering: .acquiring)) else { return nil }
        return try Unmanaged<Value>.fromOpaque(pointer)._withUnsafeGuaranteedRef(body)
    }

    /// The current version, retained.
    var current: Value? {
        guard let pointer = UnsafeRawPointer(bitPattern: address.load(ordering: .acquiring)) else { return nil }
        return Unmanaged<Value>.fromOpaque(pointer).takeUnretainedValue()
    }
}
