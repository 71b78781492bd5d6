#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory that grows while a codec fills it, up to a limit that hostile input cannot pass.
struct DecompressionBuffer: ~Copyable {
    /// The most bytes that may be put in.
    let limit: Int
    private(set) var count = 0
    private var storage: UnsafeMutableRawBufferPointer

    /// Memory beyond this is given back before the next use.
    private static let retainedCapacity = 1 << 20
    private static let minimumCapacity = 64 << 10

    init(limit: Int) {
        // One byte above the limit is room enough to see that a stream goes on beyond it.
        self.limit = min(max(limit, 0), Int.max - 1)
        storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    deinit { free(storage.baseAddress) }

    /// Empties the buffer and guesses how large it will have to be.
    mutating func prepare(inputCount: Int, codec: Compression) throws(CompressionError) {
        count = 0
        let (guess, overflow) = inputCount.multipliedReportingOverflow(by: 4)
        if storage.count > Self.retainedCapacity {
            free(storage.baseAddress)
            storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        }
        try reserve(overflow ? limit : guess, codec)
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<count]) }

    /// The memory behind the bytes that are there: at least one byte of it.
    mutating func room(_ codec: Compression) throws(CompressionError) -> UnsafeMutableRawBufferPointer {
        if count == storage.count { try reserve(max(storage.count, 1), codec) }
        return UnsafeMutableRawBufferPointer(rebasing: storage[count...])
    }

    /// Exactly `needed` bytes behind those that are there.
    mutating func room(exactly needed: Int, _ codec: Compression) throws(CompressionError)
        -> UnsafeMutableRawBufferPointer
    {
        guard needed <= limit - count else { throw .limitExceeded(codec, limit: limit) }
        if storage.count - count < needed { try reserve(max(needed, storage.count), codec) }
        return UnsafeMutableRawBufferPointer(rebasing: storage[count..<count + needed])
    }

    /// Says that a codec has filled the next bytes of the room.
    mutating func advance(_ filled: Int, _ codec: Compression) throws(CompressionError) {
        count += filled
        guard count <= limit else { throw .limitExceeded(codec, limit: limit) }
    }

    /// Makes room for `additional` bytes, or for as many as the limit allows.
    private mutating func reserve(_ additional: Int, _ codec: Compression) throws(CompressionError) {
        let wanted = additional > limit - count ? limit + 1 : count + additional
        let capacity = min(max(wanted, Self.minimumCapacity), limit + 1)
        guard capacity > storage.count else { return }
        guard let start = realloc(storage.baseAddress, capacity) else {
            throw .libraryFailed(codec, reason: "no memory for \(capacity) bytes")
        }
        storage = UnsafeMutableRawBufferPointer(start: start, count: capacity)
    }
}
