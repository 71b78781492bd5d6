import CSupport
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reading and writing of file descriptors.
enum Descriptor {
    static let input: CInt = 0
    static let output: CInt = 1
    static let error: CInt = 2

    /// What went wrong first in writing results, as `errno` says it; 0 if nothing did. That nobody reads them is
    /// nothing.
    static let outputError = Atomic<CInt>(0)

    /// What the caller has closed of the three leads nowhere from now on, and fails as before: otherwise the next file
    /// or socket would have its number.
    static func holdStandardNumbers() {
        for descriptor in [input, output, error] where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", descriptor == input ? O_WRONLY : O_RDONLY)
        }
    }

    /// Writes all bytes. Returns whether they were taken; false when nobody reads any more.
    @discardableResult
    static func write(_ bytes: some Collection<UInt8>, to descriptor: CInt) -> Bool {
        let result = bytes.withContiguousStorageIfAvailable { writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
        return result ?? Array(bytes).withUnsafeBytes { writeAll($0, to: descriptor) }
    }

    @discardableResult
    static func write(_ text: String, to descriptor: CInt) -> Bool { write(text.utf8, to: descriptor) }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                // A terminal that is shared with another program may be non-blocking.
                _ = wait(for: [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)], milliseconds: -1)
            } else if !(count < 0 && errno == EINTR) {
                if descriptor == output, errno != EPIPE {
                    _ = outputError.compareExchange(expected: 0, desired: errno, ordering: .relaxed)
                }
                return false
            }
        }
        return true
    }

    /// Reads what is there into the buffer: the count of bytes, 0 at the end, nil on an error.
    static func read(_ descriptor: CInt, into buffer: inout [UInt8]) -> Int? {
        buffer.withUnsafeMutableBytes { read(descriptor, into: $0) }
    }

    /// Reads what is there into the buffer: the count of bytes, 0 at the end, nil on an error.
    static func read(_ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while true {
            let count = systemRead(descriptor, buffer)
            if count >= 0 { return count }
            if errno == EAGAIN {
                _ = wait(for: [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)], milliseconds: -1)
            } else if errno != EINTR {
                return nil
            }
        }
    }

    /// Waits until one of the descriptors has an event; which ones is in `revents`. Empty after the time.
    static func wait(for descriptors: [pollfd], milliseconds: CInt) -> [pollfd] {
        var descriptors = descriptors
        let count = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        return count > 0 ? descriptors : []
    }

    static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

    private static func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func systemRead(_ descriptor: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
