import Synchronization

// `environ` is a variable without a lock, here read only.
#if canImport(Darwin)
    @preconcurrency import Darwin
    private typealias FileActions = posix_spawn_file_actions_t?
    private typealias Attributes = posix_spawnattr_t?
#else
    @preconcurrency import Glibc
    private typealias FileActions = posix_spawn_file_actions_t
    private typealias Attributes = posix_spawnattr_t
#endif

/// What is needed to start a program.
struct Spawn {
    let program: String
    let arguments: [String]
    let environment: [String: String]
    let errors: ChildProcess.Errors

    /// Writing to a child that has ended is an error that is handled, not a signal that ends this process.
    private static let ignoreBrokenPipes: Void = {
        _ = signal(SIGPIPE, SIG_IGN)
    }()

    /// Held from the making of pipes until they are marked: a child started in between would keep them open.
    private static let starting = Mutex<Void>(())

    /// Starts the program, opens the pipes to it and answers its id.
    func start(_ pipes: inout Pipes) throws(ChildProcessError) -> pid_t {
        Self.ignoreBrokenPipes
        let child = try Self.starting.withLock { _ throws(ChildProcessError) in try spawn() }
        pipes.open(input: child.input, output: child.output, errors: child.errors)
        return child.id
    }

    /// Starts the program on a terminal, in a session of its own, and answers its id. The first terminal that it opens
    /// becomes its own, so that Ctrl-C reaches it.
    func start(onTerminal path: [CChar]) throws(ChildProcessError) -> pid_t {
        Self.ignoreBrokenPipes
        var actions = Self.fileActions()
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        return try Self.starting.withLock { _ throws(ChildProcessError) in
            try run(&actions, extraFlags: Self.ownSession)
        }
    }

    /// `POSIX_SPAWN_SETSID`, which Glibc's module leaves out.
    #if canImport(Darwin)
        private static let ownSession: Int32 = 0x0400
    #else
        private static let ownSession: Int32 = 0x80
    #endif

    private func run(_ actions: inout FileActions, extraFlags: Int32 = 0) throws(ChildProcessError) -> pid_t {
        var attributes = Self.attributes(extraFlags)
        defer { posix_spawnattr_destroy(&attributes) }
        var id: pid_t = 0
        let result = Self.withCStrings([program] + arguments) { argv in
            Self.withCStrings(mergedEnvironment()) { environment in
                posix_spawnp(&id, program, &actions, &attributes, argv, environment)
            }
        }
        guard result == 0 else { throw failure(result) }
        return id
    }

    private func spawn() throws(ChildProcessError) -> (id: pid_t, input: Int32, output: Int32, errors: Int32) {
        let input = try pipe()
        let output = try pipe()
        let errors = self.errors == .captured ? try pipe() : (read: -1, write: -1)

        var actions = Self.fileActions()
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.read, 0)
        posix_spawn_file_actions_adddup2(&actions, output.write, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.write >= 0 ? errors.write : 2, 2)
        #if !canImport(Darwin)
            // As POSIX_SPAWN_CLOEXEC_DEFAULT does: a child that inherited a listening socket would keep its port.
            // Closing what is not open is no error as long as the number is one that the process may have.
            for descriptor in 3..<min(getdtablesize(), 4096) {
                posix_spawn_file_actions_addclose(&actions, descriptor)
            }
        #endif

        defer { for end in [input.read, output.write, errors.write] where end >= 0 { close(end) } }
        do throws(ChildProcessError) {
            return (try run(&actions), input.write, output.read, errors.read)
        } catch {
            for end in [input.write, output.read, errors.read] where end >= 0 { close(end) }
            throw error
        }
    }

    /// A pipe that no other child inherits: one that did would keep it open.
    private func pipe() throws(ChildProcessError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        #if canImport(Darwin)
            let result = Darwin.pipe(&ends)
        #else
            let result = Glibc.pipe(&ends)
        #endif
        guard result == 0 else { throw failure(errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private func failure(_ code: Int32) -> ChildProcessError {
        .notStarted(program: program, reason: String(cString: strerror(code)))
    }

    private static func fileActions() -> FileActions {
        #if canImport(Darwin)
            var actions: FileActions = nil
        #else
            var actions = FileActions()
        #endif
        posix_spawn_file_actions_init(&actions)
        return actions
    }

    private static func attributes(_ extraFlags: Int32) -> Attributes {
        #if canImport(Darwin)
            var attributes: Attributes = nil
            let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            var attributes = Attributes()
            let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        #endif
        posix_spawnattr_init(&attributes)
        // A thread of a pool may have signals blocked, which the child would inherit.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: Int32(flags) | extraFlags))
        return attributes
    }

    private func mergedEnvironment() -> [String] {
        var variables = environment.map { "\($0.key)=\($0.value)" }
        var next = environ
        while let variable = next.pointee {
            let text = String(cString: variable)
            let name = text.prefix { $0 != "=" }
            if environment[String(name)] == nil { variables.append(text) }
            next += 1
        }
        return variables
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
