#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes of a descriptor, read in large blocks and lent where they lie. Holds a block, or a line where one is longer.
struct InputBuffer: ~Copyable {
    /// The longest line that is taken: the largest record a broker would.
    static let lineLimit = 100 << 20

    private static let blockSize = 1 << 20

    private let descriptor: CInt
    /// Becomes readable when reading is to end; −1 for none.
    private let stop: CInt
    private var memory: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    /// Up to where there is no line end.
    private var searched = 0
    private(set) var isAtEnd = false
    /// Bytes that were read so far.
    private(set) var count = 0

    init(_ descriptor: CInt = Descriptor.input, stop: CInt = -1) {
        (self.descriptor, self.stop) = (descriptor, stop)
        memory = .allocate(byteCount: Self.blockSize, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// How many bytes there are in all, where the descriptor is that of a file.
    var total: Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The next line without its `\n`, lent until the next call of ``fill()``; nil if none is here. At the end, a last
    /// line without `\n` counts.
    @inline(__always)
    mutating func nextLine() -> UnsafeRawBufferPointer? {
        guard let base = memory.baseAddress else { return nil }
        if let found = memchr(base + searched, 0x0A, end - searched) {
            let line = UnsafeRawBufferPointer(start: base + start, count: found - (base + start))
            start += line.count + 1
            searched = start
            return line
        }
        searched = end
        guard isAtEnd, start < end else { return nil }
        return takeRest()
    }

    /// All bytes that are here, lent until the next call of ``fill()``.
    mutating func takeRest() -> UnsafeRawBufferPointer {
        defer { (start, searched) = (end, end) }
        return UnsafeRawBufferPointer(rebasing: memory[start..<end])
    }

    /// Reads once, behind what was not taken yet. Waits for input, or for the end of reading.
    mutating func fill() throws(Failure) {
        makeRoom()
        if memory.count > Self.lineLimit + Self.blockSize {
            throw Failure("longer than \(Self.lineLimit >> 20) MiB")
        }
        if stop >= 0 {
            var ready: [pollfd]
            repeat {
                ready = Descriptor.wait(
                    for: [descriptor, stop].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }, milliseconds: -1)
                // Nothing is ready after a signal, which others see to.
            } while ready.isEmpty && errno == EINTR
            if ready.count > 1, ready[1].revents != 0 {
                isAtEnd = true
                return
            }
        }
        guard let read = Descriptor.read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
        else {
            throw Failure("standard input cannot be read: \(String(cString: strerror(errno)))")
        }
        isAtEnd = read == 0
        end += read
        count += read
    }

    private mutating func makeRoom() {
        let rest = end - start
        if start > 0, let base = memory.baseAddress {
            memmove(base, base + start, rest)
            (searched, start, end) = (searched - start, 0, rest)
        }
        guard end == memory.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: memory.count * 2, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<end]))
        memory.deallocate()
        memory = larger
    }
}
