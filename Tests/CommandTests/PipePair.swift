@testable import kafka_lua

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A pipe of the system; what was not closed is closed at the end.
final class PipePair {
    let reading: CInt
    private(set) var writing: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure("no pipe") }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        closeWriting()
    }

    func write(_ text: String) { Descriptor.write(text, to: writing) }

    func closeWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }

    /// What was written, once it is closed for writing.
    func contents() -> String {
        closeWriting()
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while let count = Descriptor.read(reading, into: &chunk), count > 0 { text += chunk[..<count] }
        return String(decoding: text, as: UTF8.self)
    }
}
