import TestSupport
import Testing

@testable import kafka_lua

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct HistoryFileTests {
    /// What a new prompt finds.
    private func entries(of path: String) -> [String] {
        var file = HistoryFile(path: path)
        file.refresh()
        return file.history.entries
    }

    @Test func promptsShareTheirBlocks() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/state/kafka-lua/history"
            var first = HistoryFile(path: path)
            var second = HistoryFile(path: path)
            first.append("one")
            second.append("two\nlines")
            first.append("password = 'x'")
            first.refresh()
            #expect(first.history.entries == ["one", "two\nlines"])
            second.append("one")
            first.refresh()
            #expect(first.history.entries == ["two\nlines", "one"])
            #expect(entries(of: path) == ["two\nlines", "one"])
        }
    }

    @Test func onlyTheUserCanReadIt() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/new/history"
            var history = HistoryFile(path: path)
            history.append("one")
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            chmod(path, 0o644)
            history.append("two")
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
        }
    }

    @Test func aFileThatIsGoneIsMadeAgain() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/history"
            var history = HistoryFile(path: path)
            history.append("one")
            history.refresh()
            unlink(path)
            history.append("two")
            history.refresh()
            #expect(history.history.entries == ["one", "two"])
            #expect(entries(of: path) == ["two"])
        }
    }

    @Test(arguments: ["/dev/null", "/proc/no/such/folder/history"])
    func aPlaceThatKeepsNothingStillLeavesAHistory(path: String) {
        var history = HistoryFile(path: path)
        history.append("one")
        history.refresh()
        #expect(history.history.entries == ["one"])
    }

    @Test func theDefaultPathFollowsTheBaseDirectories() {
        func path(_ environment: [String: String]) -> String? {
            HistoryFile.defaultPath { environment[$0] }
        }
        #expect(path(["HOME": "/home/me"]) == "/home/me/.local/state/kafka-lua/history")
        #expect(path(["HOME": "/home/me", "XDG_STATE_HOME": "/state"]) == "/state/kafka-lua/history")
        #expect(path(["HOME": "/home/me", "XDG_STATE_HOME": "relative"]) == "/home/me/.local/state/kafka-lua/history")
        #expect(path([:]) == nil)
    }
}

/// Runs the body with a new folder, which is removed afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/kafka-lua-tests-XXXXXX".utf8CString)
    guard let name = mkdtemp(&template) else { throw Failure("no temporary folder") }
    let folder = String(cString: name)
    defer { removeTree(folder) }
    try body(folder)
}

private func removeTree(_ path: String) {
    if let folder = opendir(path) {
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { removeTree(path + "/" + name) }
        }
        closedir(folder)
        rmdir(path)
    } else {
        unlink(path)
    }
}
