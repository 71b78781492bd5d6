import KafkaProducer
import LuaRuntime
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file, a pipe or standard input, which a script reads block by block. Callbacks run while nothing comes.
final class ScriptInput: Sendable {
    /// What errors call it.
    let name: String
    private let descriptor: CInt

    private static let blockSize = 64 << 10

    /// Opens what the slot names: a path; `-`, `io.stdin` or nothing for standard input.
    /// - Throws: `LuaError` that says why the file cannot be read.
    init(_ slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses) throws(LuaError) {
        if frame.isNil(slot) || frame.address(slot) == classes.standardInputAddress {
            (name, descriptor) = ("stdin", STDIN_FILENO)
            return
        }
        guard frame.type(slot) == .string else { throw frame.mismatch(slot, "file name or io.stdin") }
        let path = try frame.string(slot)
        if path == "-" {
            (name, descriptor) = ("stdin", STDIN_FILENO)
            return
        }
        name = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LuaError("cannot read \(path): \(String(cString: strerror(errno)))") }
    }

    deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

    /// The next bytes; empty at the end.
    /// - Throws: `LuaError`, of kind `interrupted` if the wait was.
    func read(in environment: ScriptEnvironment) throws(LuaError) -> [UInt8] {
        while true {
            try wait(in: environment)
            var count = 0
            var reason: CInt = 0
            let block = [UInt8](unsafeUninitializedCapacity: Self.blockSize) { buffer, used in
                count = systemRead(descriptor, buffer)
                reason = errno
                used = max(0, count)
            }
            if count >= 0 { return block }
            // Another program may have made a terminal that it shares with us non-blocking.
            guard reason == EINTR || reason == EAGAIN else {
                throw LuaError("cannot read \(name): \(String(cString: strerror(reason)))")
            }
        }
    }

    /// Waits until there is something to read, or the end.
    private func wait(in environment: ScriptEnvironment) throws(LuaError) {
        var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // Files always have something to read.
        if poll(&interest, 1, 0) != 0 { return try environment.runDueCallbacks() }
        let input = try InputWait(for: descriptor)
        var hasCome = false
        _ = try environment.wait(until: .distantFuture, for: { hasCome }) { (sleeper, deadline) throws(KafkaError) in
            try Latch.checkThread()
            sleeper.whenOpen { input.end() }
            hasCome = input.wait(until: deadline)
        }
    }
}

private func systemRead(_ descriptor: CInt, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
