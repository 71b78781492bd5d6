#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// This process's ends of a child's pipes: what waits to be written, and what was read so far.
struct Pipes: ~Copyable {
    private var input: Int32 = -1
    private var output: Int32 = -1
    private var errors: Int32 = -1
    private var unwritten: [UInt8] = []
    private var outputBytes: [UInt8] = []
    private var errorBytes: [UInt8] = []

    deinit {
        for descriptor in [input, output, errors] where descriptor >= 0 {
            Self.close(descriptor)
        }
    }

    /// Takes over the descriptors; `errors` is -1 where standard error is not captured.
    mutating func open(input: Int32, output: Int32, errors: Int32) {
        self.input = input
        self.output = output
        self.errors = errors
        _ = fcntl(input, F_SETFL, O_NONBLOCK)
    }

    /// Whether the child may still write.
    var isOpen: Bool { output >= 0 || errors >= 0 }

    /// Whether input waits to be written.
    var hasInput: Bool { input >= 0 && !unwritten.isEmpty }

    mutating func enqueue(_ text: String) {
        unwritten += text.utf8
    }

    mutating func closeInput() {
        Self.close(&input)
    }

    mutating func takeLine() -> String? {
        guard let end = outputBytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { outputBytes.removeSubrange(...end) }
        return String(decoding: outputBytes[..<end], as: UTF8.self)
    }

    mutating func takeRest() -> String? {
        outputBytes.isEmpty ? nil : takeOutput()
    }

    mutating func takeOutput() -> String {
        defer { outputBytes = [] }
        return String(decoding: outputBytes, as: UTF8.self)
    }

    mutating func takeErrors() -> String {
        defer { errorBytes = [] }
        return String(decoding: errorBytes, as: UTF8.self)
    }

    /// Waits until a pipe can be read or written and does so; false when the deadline passes first.
    mutating func progress(until deadline: ContinuousClock.Instant) -> Bool {
        let left = (deadline - ContinuousClock.now).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return false }
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
        var waits = [
            pollfd(fd: hasInput ? input : -1, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&waits, nfds_t(waits.count), Int32(clamping: milliseconds)) > 0 else { return errno == EINTR }
        if waits[0].revents != 0 { writeSome() }
        if waits[1].revents != 0 { Self.read(&output, into: &outputBytes) }
        if waits[2].revents != 0 { Self.read(&errors, into: &errorBytes) }
        return true
    }

    private mutating func writeSome() {
        let count = unwritten.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        if count >= 0 {
            unwritten.removeFirst(count)
        } else if errno != EAGAIN && errno != EINTR {
            // The child reads no more.
            Self.close(&input)
        }
    }

    private static func read(_ descriptor: inout Int32, into bytes: inout [UInt8]) {
        let count = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #else
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count > 0 { bytes += buffer[..<count] }
            return count
        }
        if count == 0 || (count < 0 && errno != EINTR) { close(&descriptor) }
    }

    private static func close(_ descriptor: inout Int32) {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
    }

    private static func close(_ descriptor: Int32) {
        #if canImport(Darwin)
            _ = Darwin.close(descriptor)
        #else
            _ = Glibc.close(descriptor)
        #endif
    }
}
