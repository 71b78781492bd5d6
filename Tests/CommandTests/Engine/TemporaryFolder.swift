#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder that goes with its last user.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/kafka-lua-commands.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failed(reason: String(cString: strerror(errno))) }
        path = String(cString: made)
    }

    struct Failed: Error { let reason: String }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        guard let entries = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(entries)
        rmdir(path)
    }
}
