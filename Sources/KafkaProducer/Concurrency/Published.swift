import Synchronization

/// The current version of an immutable object, read without a lock and without counting references.
///
/// A reader may still be looking at a former version when a new one is published, so these are kept until the
/// publisher itself goes; unless the owner keeps them anyway.
struct Published<Value: AnyObject & Sendable>: ~Copyable, Sendable {
    private let address: Atomic<UInt>
    private let versions: Mutex<[Value]>
    private let keepsVersions: Bool

    /// - Parameter keepingVersions: false if the owner keeps every published object as long as the publisher.
    init(_ value: Value, keepingVersions: Bool = true) {
        address = Atomic(Self.address(of: value))
        versions = Mutex([value])
        keepsVersions = keepingVersions
    }

    private static func address(of value: Value) -> UInt {
        UInt(bitPattern: Unmanaged.passUnretained(value).toOpaque())
    }

    private var unmanaged: Unmanaged<Value> {
        // Never nil: an address is that of a version which is kept.
        .fromOpaque(UnsafeRawPointer(bitPattern: address.load(ordering: .acquiring)).unsafelyUnwrapped)
    }

    func publish(_ value: Value) {
        if keepsVersions { versions.withLock { $0.append(value) } }
        address.store(Self.address(of: value), ordering: .releasing)
    }

    /// The current version, retained.
    var current: Value { unmanaged.takeUnretainedValue() }

    /// Calls `body` with the current version, which is not retained.
    @inline(__always)
    func withCurrent<Result>(_ body: (Value) -> Result) -> Result {
        unmanaged._withUnsafeGuaranteedRef(body)
    }
}
