#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that are read whole: scripts and configuration.
enum SourceFile {
    /// A larger file is not a script or a configuration.
    static let sizeLimit = 64 << 20

    /// The text of a file; `-` is standard input.
    static func read(_ path: String) throws(Failure) -> String {
        let bytes = try bytes(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure("\(path) is not UTF-8 text", hint: "only Lua source is run, not compiled Lua")
        }
        return text
    }

    /// The bytes of a file; `-` is standard input.
    static func bytes(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = path == "-" ? Descriptor.input : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("cannot open \(path): \(String(cString: strerror(errno)))") }
        defer { if descriptor != Descriptor.input { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            guard let count = Descriptor.read(descriptor, into: &chunk) else {
                throw Failure("cannot read \(path): \(String(cString: strerror(errno)))")
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= sizeLimit else { throw Failure("\(path) is larger than \(sizeLimit >> 20) MiB") }
        }
    }
}

extension SourceFile {
    /// Whether there is a file to read.
    static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }
}
