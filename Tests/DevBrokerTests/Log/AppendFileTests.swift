#if os(Linux)
    import Glibc
    import TestSupport
    import Testing

    @testable import DevBroker

    @Suite struct AppendFileTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        /// A child process that is being made holds what its parent has open until it becomes another program.
        @Test func aFileIsUnlockedWhenItIsClosedThoughACopyOfItsDescriptorIsStillOpen() throws {
            let path = folder.path + "/catalog"
            let first = try AppendFile(path: path)
            try first.lock()
            let copy = dup(try #require(Self.descriptor(of: path)))
            defer { close(copy) }
            try first.finish()
            try AppendFile(path: path).lock()
        }

        private static func descriptor(of path: String) -> Int32? {
            (0..<Int32(clamping: sysconf(Int32(_SC_OPEN_MAX)))).first { descriptor in
                var target = [CChar](repeating: 0, count: Int(PATH_MAX))
                let count = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
                return count > 0 && target[..<count].elementsEqual(path.utf8.lazy.map { CChar(bitPattern: $0) })
            }
        }
    }
#endif
