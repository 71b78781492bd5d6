#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder with scripts, which goes with its last user.
final class TemporaryScripts: Sendable {
    let folder: String

    init() throws {
        var template = Array("/tmp/kafka-lua-scripts.XXXXXX".utf8CString)
        guard let path = mkdtemp(&template) else { throw Failed(reason: String(cString: strerror(errno))) }
        folder = String(cString: path)
    }

    struct Failed: Error { let reason: String }

    deinit {
        guard let entries = opendir(folder) else { return }
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            unlink("\(folder)/\(name)")
        }
        closedir(entries)
        rmdir(folder)
    }

    /// Writes a script, in the place of an older one of that name, and gives its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let path = "\(folder)/\(name)"
        guard let file = fopen(path, "wb") else { throw Failed(reason: "\(path): \(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failed(reason: "\(path) is not written") }
        return path
    }
}
