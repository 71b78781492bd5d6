#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The editor that the user has chosen: `$VISUAL`, `$EDITOR`, or else vi.
struct TextEditor {
    private let command: String
    private let folder: String

    init(environment: (String) -> String?) {
        let chosen = [environment("VISUAL"), environment("EDITOR")].compactMap { $0 }.first { !$0.isEmpty }
        command = chosen ?? "vi"
        folder = environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    /// Edits a file. Waits for the editor, which has the terminal.
    func edit(_ path: String) throws(Failure) {
        let quoted = "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        // As a shell reads it: people put options into the variable. It keeps Ctrl-C from this process meanwhile.
        let status = system("\(command) \(quoted)")
        guard status == 0 else {
            throw Failure("the editor '\(command)' failed", hint: "EDITOR names the one that is opened")
        }
    }

    /// Edits a text in a file that only this user can read, and gives back what became of it.
    func edit(text: String) throws(Failure) -> String {
        var template = Array("\(folder)/kafka-lua-XXXXXX.lua".utf8CString)
        let descriptor = mkstemps(&template, 4)
        guard descriptor >= 0 else {
            throw Failure("no file can be made in \(folder): \(String(cString: strerror(errno)))")
        }
        let path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        defer { unlink(path) }
        Descriptor.write(text.isEmpty ? "" : text + "\n", to: descriptor)
        close(descriptor)
        try edit(path)
        return try Failure.catching { try SourceFile.read(path) }
    }
}
