#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A script that ships in `scripts/examples`.
struct Example {
    let path: String
    let text: String

    /// Three folders above this file's own.
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/")

    init(_ name: String) throws { try self.init(file: "scripts/examples/\(name)") }

    /// A file of the repository, by its path from the top.
    init(file: String) throws {
        path = "\(Self.root)/\(file)"
        guard let file = fopen(path, "rb") else { throw Missing(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        text = String(decoding: bytes, as: UTF8.self)
    }

    struct Missing: Error { let path: String }
}
