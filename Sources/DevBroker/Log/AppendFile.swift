import NIOCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that grows at its end only. As a store it keeps batches as Kafka's own segments do, with nothing in between.
/// Safe to use from any thread.
final class AppendFile: BatchStore {
    let path: String
    private let state: Mutex<State>

    private struct State {
        /// −1 once closed.
        var descriptor: CInt
        var count: Int
    }

    /// Opens the file, or makes it and the folders that it is in.
    convenience init(path: String) throws(StorageError) {
        try Self.makeFolders(for: path)
        try self.init(path: path, openedAt: path, flags: 0)
    }

    /// Makes an empty file that is to be at the path after `takePlace`.
    convenience init(replacing path: String) throws(StorageError) {
        try self.init(path: path, openedAt: Self.successor(of: path), flags: O_TRUNC)
    }

    private init(path: String, openedAt location: String, flags: CInt) throws(StorageError) {
        self.path = path
        let descriptor = open(location, O_RDWR | O_CREAT | O_CLOEXEC | flags, 0o644)
        guard descriptor >= 0 else { throw Self.failure("open", location) }
        let count = lseek(descriptor, 0, SEEK_END)
        guard count >= 0 else {
            _ = close(descriptor)
            throw Self.failure("seek in", path)
        }
        self.state = Mutex(State(descriptor: descriptor, count: Int(count)))
    }

    deinit {
        state.withLock { if $0.descriptor >= 0 { _ = Self.release($0.descriptor) } }
    }

    /// How many bytes are in the file.
    var count: Int { state.withLock { $0.count } }

    /// Writes all of the bytes, or none: what a failed write left behind is cut off.
    func append(_ bytes: ByteBuffer) throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in
            let written = unsafe bytes.withUnsafeReadableBytes { source in
                unsafe Self.writeAll(source, to: state.descriptor, at: state.count)
            }
            guard written else {
                let failure = Self.failure("write to", path)
                _ = ftruncate(state.descriptor, off_t(state.count))
                throw failure
            }
            state.count += bytes.readableBytes
        }
    }

    private static func writeAll(_ source: UnsafeRawBufferPointer, to descriptor: CInt, at position: Int) -> Bool {
        var done = 0
        while done < source.count {
            let count = unsafe pwrite(
                descriptor, source.baseAddress.map { unsafe $0 + done }, source.count - done, off_t(position + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// Reads bytes that are all in the file.
    func read(_ range: Range<Int>) throws(StorageError) -> ByteBuffer {
        guard range.count <= Int(Int32.max) else {
            throw StorageError(description: "\(range.count) bytes of \(path) are too many to read")
        }
        let descriptor = state.withLock { $0.descriptor }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(range.count)
        while buffer.readableBytes < range.count {
            let missing = range.count - buffer.readableBytes
            let position = range.lowerBound + buffer.readableBytes
            let count = unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) { target in
                max(unsafe pread(descriptor, target.baseAddress, missing, off_t(position)), 0)
            }
            guard count > 0 || errno == EINTR else { throw Self.failure("read", path) }
        }
        return buffer
    }

    func read(_ ordinals: Range<Int>, bytes: Range<Int>) throws(StorageError) -> [ByteBuffer] {
        [try read(bytes)]
    }

    /// Files keep everything.
    func removeFirst() {}

    /// Cuts the file off.
    func truncate(to count: Int) throws(StorageError) {
        let done = state.withLock { state in
            guard ftruncate(state.descriptor, off_t(count)) == 0 else { return false }
            state.count = count
            return true
        }
        if !done { throw Self.failure("truncate", path) }
    }

    /// Takes the file for this process alone, until it is closed.
    func lock() throws(StorageError) {
        guard state.withLock({ flock($0.descriptor, LOCK_EX | LOCK_NB) }) == 0 else {
            throw StorageError(description: "\(path) is in use by another broker")
        }
    }

    /// Brings the bytes to the disk, and puts the file where the one is that it replaces: at each moment one of them is
    /// there whole.
    func takePlace() throws(StorageError) {
        let synced = state.withLock { fsync($0.descriptor) == 0 }
        guard synced, rename(Self.successor(of: path), path) == 0 else { throw Self.failure("replace", path) }
    }

    private static func successor(of path: String) -> String { path + ".new" }

    /// Brings the bytes to the disk and closes the file; what is appended after that fails.
    func finish() throws(StorageError) {
        let done = state.withLock { state in
            guard state.descriptor >= 0 else { return true }
            let synced = fsync(state.descriptor) == 0
            let closed = Self.release(state.descriptor)
            state.descriptor = -1
            return synced && closed
        }
        if !done { throw Self.failure("sync", path) }
    }

    /// Unlocks before it closes: a child process that is just being made has the descriptor too, and the lock with it.
    private static func release(_ descriptor: Int32) -> Bool {
        _ = flock(descriptor, LOCK_UN)
        return close(descriptor) == 0
    }

    /// Makes the folders that a file is to be in.
    private static func makeFolders(for path: String) throws(StorageError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            made += part + "/"
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else { throw failure("make", made) }
        }
    }

    private static func failure(_ operation: String, _ path: String) -> StorageError {
        let reason = unsafe String(cString: strerror(errno))
        return StorageError(description: "cannot \(operation) \(path): \(reason)")
    }
}
