import CSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Wakes a thread that waits in `poll`, from any thread or from a signal handler.
///
/// Lives as long as the process, because a signal may come at any time.
final class WakePipe: Sendable {
    /// What arrives: ``wakeByte``, or the number of a forwarded signal.
    static let wakeByte: UInt8 = 0

    let readEnd: CInt
    private let writeEnd: CInt

    /// - Parameter blocking: Whether a read waits for a byte.
    init(blocking: Bool = false) {
        var ends: [CInt] = [-1, -1]
        let failure = csupport_wake_pipe(&ends, blocking ? 1 : 0)
        precondition(failure == 0, "no descriptor is left for a pipe (errno \(failure))")
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func wake() {
        var byte = Self.wakeByte
        // A full pipe already wakes its reader.
        _ = write(writeEnd, &byte, 1)
    }

    /// From now on the signal arrives here.
    func forward(signal: CInt) { _ = csupport_forward_signal(signal, writeEnd) }

    /// Takes the bytes that have arrived.
    func drain() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(readEnd, &bytes, bytes.count)
        return Array(bytes.prefix(max(count, 0)))
    }
}
