import ChildProcess
import TestSupport

/// A folder with what the examples of the help and of the README name: the program, its inputs, plugins, and programs
/// that are at the other end of a pipe.
struct ExampleFolder {
    private let folder: TemporaryFolder

    /// Files below `scripts/examples` are there under their own names, too.
    private static let files = [
        "orders.txt": "one\ntwo\n", "keys-and-values.txt": "k1:one\nk2:two\n", "orders.csv": "id,name\n1,Banana\n",
        "cat.png": "\u{89}PNG", "produce.lua": "send('orders', 'k1', 'v')", "client.properties": "linger.ms=5\n",
        "users.txt": "alice:secret\n",
    ]
    private static let programs = [
        "generate": "echo 'send(\"orders\", nil, \"v\")'", "jq": "exec cat", "man": "exec cat",
    ]

    init() throws {
        folder = try TemporaryFolder()
        let made = try ChildProcess.runBlocking(
            "/bin/sh",
            [
                "-ec",
                """
                cd '\(folder.path)'
                mkdir -p bin scripts .zfunc .config/fish/completions .local/share/bash-completion/completions
                cp '\(Repository.path)'/scripts/examples/*.lua scripts
                cp scripts/vip.lua scripts/mask.lua scripts/banana.lua .
                ln -s '\(Program.path())' bin/kafka-lua
                """,
            ])
        guard made.status == 0 else { throw ExampleFailure(description: made.errors) }
        for (name, text) in Self.files { try folder.write(Array(text.utf8), to: name) }
        for (name, text) in Self.programs { try folder.write(Array("#!/bin/sh\n\(text)\n".utf8), to: "bin/\(name)") }
        let tls = try TLSFiles.shared()
        try folder.write(Array(tls.text(tls.certificate("server")).utf8), to: "broker.pem")
        try folder.write(Array(tls.text(tls.key("server")).utf8), to: "broker.key")
        _ = try ChildProcess.runBlocking("/bin/sh", ["-c", "chmod +x '\(folder.path)'/bin/*"])
    }

    func write(_ text: String, to name: String) throws { try folder.write(Array(text.utf8), to: name) }

    /// The environment of the examples: the folder is the home of who types them.
    var environment: [String: String] {
        Program.environment.merging(["HOME": folder.path, "PATH": "\(folder.path)/bin:/usr/local/bin:/usr/bin:/bin"]) {
            $1
        }
    }

    /// The arguments of `/bin/sh` for what is typed in the folder.
    func shell(_ text: String) -> [String] { ["-c", "cd \"$0\" && \(text)", folder.path] }

    /// Runs what is typed in the folder to its end.
    func run(_ text: String) async throws -> Outcome {
        try await ChildProcess.run("/bin/sh", shell(text), environment: environment, within: .seconds(120))
    }
}

struct ExampleFailure: Error, CustomStringConvertible {
    var description: String
}

/// This repository.
enum Repository {
    static let path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/")
}
