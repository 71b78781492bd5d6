#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A program that believes that a person sits before it: its input and output are a terminal, which this end holds.
///
/// The program is killed, by its own id, when the value goes out of scope before it has ended. Not for use from more
/// than one thread; each call blocks at most for the time it is given.
public struct PseudoTerminal: ~Copyable {
    private let id: pid_t
    private let descriptor: Int32
    private var unread: [UInt8] = []
    private var ended = false

    /// Starts a program on a terminal of a type that knows colours and the cursor.
    /// - Throws: `ChildProcessError.notStarted`.
    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], columns: Int = 80,
        rows: Int = 24
    ) throws(ChildProcessError) {
        let variables = ["TERM": "xterm-256color"].merging(environment) { _, own in own }
        let spawn = Spawn(program: program, arguments: arguments, environment: variables, errors: .inherited)
        (id, descriptor) = try Self.start(spawn, Self.size(columns, rows))
    }

    private static func size(_ columns: Int, _ rows: Int) -> winsize {
        winsize(ws_row: UInt16(clamping: rows), ws_col: UInt16(clamping: columns), ws_xpixel: 0, ws_ypixel: 0)
    }

    private static func start(_ spawn: Spawn, _ size: winsize) throws(ChildProcessError) -> (pid_t, Int32) {
        var descriptor: Int32 = -1
        var terminal: Int32 = -1
        var size = size
        guard openpty(&descriptor, &terminal, nil, nil, &size) == 0 else {
            throw .notStarted(program: spawn.program, reason: String(cString: strerror(errno)))
        }
        // The program opens the terminal by its name: a session's first one becomes its own.
        defer { close(terminal) }
        for end in [descriptor, terminal] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var name = [CChar](repeating: 0, count: 256)
        do throws(ChildProcessError) {
            guard ttyname_r(terminal, &name, name.count) == 0 else {
                throw .notStarted(program: spawn.program, reason: "its terminal has no name")
            }
            return (try spawn.start(onTerminal: name), descriptor)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        if !ended {
            kill(id, SIGKILL)
            waitpid(id, nil, 0)
        }
        close(descriptor)
    }

    /// Types text, control characters included.
    public func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
    }

    /// Changes the size of the terminal, which the program is told.
    public func resize(columns: Int, rows: Int) {
        var size = Self.size(columns, rows)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    }

    /// Sends the program a signal.
    public func signal(_ number: Int32) { kill(id, number) }

    /// Waits for the program to write something, and gives it back; empty when the time is up, or nothing more comes.
    public mutating func read(within limit: Duration) -> [UInt8] {
        if unread.isEmpty { _ = readSome(until: .now + limit) }
        defer { unread = [] }
        return unread
    }

    /// Waits until the program has written the text, and gives back all up to its end.
    public mutating func read(upTo text: String, within limit: Duration = .seconds(10)) throws(ChildProcessError)
        -> String
    {
        let deadline = ContinuousClock.now + limit
        let wanted = Array(text.utf8)
        while true {
            if let end = end(of: wanted) {
                defer { unread.removeFirst(end) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            guard readSome(until: deadline) else {
                throw .deadline(limit, output: String(decoding: unread, as: UTF8.self), errors: "")
            }
        }
    }

    /// Waits for the program to end. Gives how it ended, and what it wrote that was not read before.
    public mutating func finish(within limit: Duration = .seconds(10)) throws(ChildProcessError) -> Outcome {
        let deadline = ContinuousClock.now + limit
        while readSome(until: deadline) {}
        var status: Int32 = 0
        while waitpid(id, &status, WNOHANG) == 0 {
            guard ContinuousClock.now < deadline else {
                throw .deadline(limit, output: String(decoding: unread, as: UTF8.self), errors: "")
            }
            // The terminal is let go: the end is a moment away, and there is nothing portable to wait for it with.
            usleep(1000)
        }
        ended = true
        return Outcome(waitStatus: status, output: String(decoding: unread, as: UTF8.self), errors: "")
    }

    private func end(of wanted: [UInt8]) -> Int? {
        guard unread.count >= wanted.count else { return nil }
        return (0...(unread.count - wanted.count)).first { unread[$0..<$0 + wanted.count].elementsEqual(wanted) }
            .map { $0 + wanted.count }
    }

    /// False at the deadline, and when the program has let go of the terminal.
    private mutating func readSome(until deadline: ContinuousClock.Instant) -> Bool {
        let left = (deadline - ContinuousClock.now).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return false }
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
        guard poll(&wait, 1, Int32(clamping: milliseconds)) > 0 else { return errno == EINTR }
        var block = [UInt8](repeating: 0, count: 4096)
        #if canImport(Darwin)
            let count = Darwin.read(descriptor, &block, block.count)
        #else
            let count = Glibc.read(descriptor, &block, block.count)
        #endif
        guard count > 0 else { return false }
        unread += block[..<count]
        return true
    }
}
