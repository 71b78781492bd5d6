#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What tells one file from another.
struct FileIdentity: Equatable {
    var device: dev_t
    var inode: ino_t
}

/// An open file that no other prompt changes meanwhile.
struct LockedFile {
    struct Status {
        var identity: FileIdentity
        var size: off_t
    }

    private let descriptor: CInt
    /// What it was when it was opened.
    let status: Status

    /// Opens a file to append to it, making it when it is not there.
    init?(path: String) { self.init(open(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o600), LOCK_EX) }

    /// Opens a file that is there, to read it.
    init?(readingPath path: String) { self.init(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), LOCK_SH) }

    private init?(_ descriptor: CInt, _ lock: CInt) {
        guard descriptor >= 0 else { return nil }
        var status = stat()
        // Devices and pipes keep no history, and their modes are not to be changed.
        guard Self.isRegular(descriptor), flock(descriptor, lock) == 0, fstat(descriptor, &status) == 0 else {
            Self.closeDescriptor(descriptor)
            return nil
        }
        // Others may have made it readable to all.
        if lock == LOCK_EX { fchmod(descriptor, 0o600) }
        self.descriptor = descriptor
        self.status = Status(identity: .init(device: status.st_dev, inode: status.st_ino), size: status.st_size)
    }

    private static func isRegular(_ descriptor: CInt) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The bytes from an offset to the end, and where that is.
    func read(from start: off_t) -> (bytes: [UInt8], end: off_t) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        var offset = start
        while true {
            let count = pread(descriptor, &chunk, chunk.count, offset)
            guard count > 0 else { return (bytes, offset) }
            bytes += chunk[..<count]
            offset += off_t(count)
        }
    }

    func append(_ bytes: [UInt8]) { _ = write(descriptor, bytes, bytes.count) }

    func replace(with bytes: [UInt8]) {
        guard ftruncate(descriptor, 0) == 0 else { return }
        append(bytes)
    }

    private static func closeDescriptor(_ descriptor: CInt) {
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #else
            Darwin.close(descriptor)
        #endif
    }

    func close() { Self.closeDescriptor(descriptor) }
}
