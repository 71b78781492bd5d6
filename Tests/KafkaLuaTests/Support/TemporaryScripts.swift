import TestSupport

/// A folder with scripts, which goes with its last user.
final class TemporaryScripts: Sendable {
    private let files: TemporaryFolder

    init() throws { files = try TemporaryFolder() }

    var folder: String { files.path }

    /// Writes a script, in the place of an older one of that name, and gives its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String { try files.write(Array(text.utf8), to: name) }
}
