#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Signals that end programs.
enum Signals {
    /// The exit code of a program that a signal has ended, as shells count.
    static func exitCode(_ number: CInt) -> Int32 { 128 + number }

    static func restore(_ number: CInt) { signal(number, SIG_DFL) }

    /// Whether `nohup` has it ignored. A shell has Ctrl-C ignored for what runs in its background, which a terminal
    /// would not send it anyway: that is no reason not to hear of one that somebody sends.
    static func isIgnored(_ number: CInt) -> Bool {
        guard number == SIGHUP else { return false }
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Glibc)
            return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        #else
            return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
        #endif
    }
}
