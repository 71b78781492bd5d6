#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The memory of this process that is in the machine's, in KiB.
public enum ProcessMemory {
    #if canImport(Darwin)
        /// The most that was there so far: the system does not tell what is there now.
        public static var current: Int { peak }

        /// The most that was there so far.
        public static var peak: Int {
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss / 1024
        }
    #else
        /// What is there now.
        public static var current: Int { status("VmRSS:") }

        /// The most that was there so far. (`getrusage` would count the process that started this one, too.)
        public static var peak: Int { status("VmHWM:") }

        private static func status(_ name: String) -> Int {
            guard let file = fopen("/proc/self/status", "r") else { return 0 }
            defer { fclose(file) }
            var line: UnsafeMutablePointer<CChar>?
            var capacity = 0
            defer { free(line) }
            while getline(&line, &capacity, file) > 0, let line {
                let words = String(cString: line).split { $0 == " " || $0 == "\t" }
                if words.count > 1, words[0] == name { return Int(words[1]) ?? 0 }
            }
            return 0
        }
    #endif
}
