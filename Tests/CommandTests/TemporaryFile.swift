import TestSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is open for reading, and goes with its last user.
final class TemporaryFile {
    let descriptor: CInt
    private let folder: TemporaryFolder

    init(_ text: String) throws {
        folder = try TemporaryFolder()
        descriptor = open(try folder.write(Array(text.utf8), to: "input"), O_RDONLY)
    }

    deinit { close(descriptor) }
}
