#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files that a beginning of a path could mean.
enum FileNames {
    /// More are not looked at.
    private static let limit = 5_000

    /// Paths that begin with it; those of folders end in `/`. Hidden ones only if the name begins with a dot.
    static func beginning(_ prefix: String) -> [String] {
        let slash = prefix.lastIndex(of: "/").map { prefix.index(after: $0) } ?? prefix.startIndex
        let (folder, name) = (String(prefix[..<slash]), prefix[slash...])
        guard let stream = opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { closedir(stream) }
        var paths: [String] = []
        var left = limit
        while left > 0, let entry = readdir(stream) {
            left -= 1
            let file = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            guard file.hasPrefix(name), file != ".", file != "..", !file.hasPrefix(".") || name.hasPrefix(".") else {
                continue
            }
            var status = stat()
            let isFolder = stat(folder + file, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            paths.append(folder + file + (isFolder ? "/" : ""))
        }
        return paths
    }
}
