import Foundation

/// A folder that goes with its last user.
public final class TemporaryFolder: Sendable {
    private let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "kafka-lua-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    public var path: String { url.path() }

    public func bytes(of name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url.appending(path: name))) }

    /// Writes a file, in the place of an older one of that name, and gives its path.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = url.appending(path: name)
        try Data(bytes).write(to: file)
        return file.path()
    }
}
