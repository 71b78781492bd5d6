import CSupport
import LuaRuntime
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Blocks a thread until a descriptor has something to read, or another thread ends the wait.
///
/// Not a source of Dispatch: on Linux one that follows another on the same descriptor may never hear of anything.
final class InputWait: Sendable {
    private let descriptor: CInt
    private let readEnd, writeEnd: CInt

    /// - Throws: `LuaError` where the process has no descriptor left.
    init(for descriptor: CInt) throws(LuaError) {
        var ends: [CInt] = [-1, -1]
        let failure = csupport_wake_pipe(&ends, 0)
        guard failure == 0 else { throw LuaError("cannot wait for input: \(String(cString: strerror(failure)))") }
        self.descriptor = descriptor
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Ends the wait, or the next one; from any thread.
    func end() {
        var byte: UInt8 = 0
        // A full pipe ends it already.
        _ = write(writeEnd, &byte, 1)
    }

    /// Returns whether there is something to read, or the end of it. False also where a signal came.
    func wait(until deadline: NIODeadline) -> Bool {
        var interests = [descriptor, readEnd].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&interests, nfds_t(interests.count), Self.milliseconds(until: deadline)) > 0 else { return false }
        if interests[1].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 64)
            _ = read(readEnd, &bytes, bytes.count)
        }
        return interests[0].revents != 0
    }

    /// Rounded up, so that nothing is due too early to be run; −1 for ever.
    private static func milliseconds(until deadline: NIODeadline) -> CInt {
        if deadline == .distantFuture { return -1 }
        let left = max(0, (deadline - .now()).nanoseconds)
        return CInt(clamping: (left + 999_999) / 1_000_000)
    }
}
