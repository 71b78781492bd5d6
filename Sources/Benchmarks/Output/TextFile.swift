#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Small files, without the weight of Foundation, which would count as memory of what is measured.
enum TextFile {
    static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw failure("read", path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { break }
            bytes += block[..<count]
        }
        guard ferror(file) == 0 else { throw failure("read", path) }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw failure("write", path) }
        let isWritten = fputs(text, file) >= 0
        guard fclose(file) == 0, isWritten else { throw failure("write", path) }
    }

    private static func failure(_ verb: String, _ path: String) -> BenchmarkError {
        BenchmarkError("cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
