#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A program of this package, as the build that made these tests left it.
struct BuiltProduct {
    /// The file's path.
    let path: String

    /// Looks beside these tests' own binary and in the folders above it, where a test bundle has some.
    init(_ name: String) throws {
        guard let own = Self.ownBinary, let resolved = realpath(own, nil) else { throw NotBuilt(name: name) }
        defer { free(resolved) }
        var folders = String(cString: resolved).split(separator: "/", omittingEmptySubsequences: false).dropLast()
        for _ in 0..<5 where !folders.isEmpty {
            let path = folders.joined(separator: "/") + "/" + name
            if access(path, X_OK) == 0 {
                self.path = path
                return
            }
            folders.removeLast()
        }
        throw NotBuilt(name: name)
    }

    /// The file that this code was loaded from.
    private static var ownBinary: String? {
        #if canImport(Darwin)
            var information = Dl_info()
            guard dladdr(#dsohandle, &information) != 0, let file = information.dli_fname else { return nil }
            return String(cString: file)
        #else
            return "/proc/self/exe"
        #endif
    }
}

/// The program is not where the build would have put it.
struct NotBuilt: Error, CustomStringConvertible {
    let name: String

    var description: String { "\(name) is not built: run scripts/test, or swift build --build-tests" }
}
