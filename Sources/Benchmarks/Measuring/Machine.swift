#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The machine that measures: figures mean little without it.
struct Machine: Sendable {
    /// The system's name and version, such as `Linux 6.1.0`.
    let system: String
    /// Such as `x86_64`.
    let architecture: String
    /// The processor's name, empty where the system does not tell.
    let processor: String
    /// How many processors are online.
    let processors: Int
    let memoryBytes: Int

    /// The one this process runs on.
    static func current() -> Machine {
        var name = utsname()
        uname(&name)
        return Machine(
            system: text(name.sysname) + " " + text(name.release), architecture: text(name.machine),
            processor: processorName(), processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
            memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The facts as a JSON object in one line, the first of a run.
    var json: String {
        var line = JSONLine()
        line.add("system", system)
        line.add("architecture", architecture)
        line.add("processor", processor)
        line.add("processors", processors)
        line.add("memoryMegabytes", Double(memoryBytes) / 1e6)
        return line.text
    }

    /// Characters in a tuple, as C's arrays are seen.
    private static func text<Characters>(_ characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func processorName() -> String {
        #if canImport(Darwin)
            var name = [UInt8](repeating: 0, count: 256)
            var size = name.count
            guard sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return "" }
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        #else
            guard let file = fopen("/proc/cpuinfo", "r") else { return "" }
            defer { fclose(file) }
            var line: UnsafeMutablePointer<CChar>?
            var capacity = 0
            defer { free(line) }
            while getline(&line, &capacity, file) > 0, let line {
                let text = String(cString: line)
                guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
                return String(text[text.index(after: colon)...].drop { $0 == " " }.prefix { $0 != "\n" })
            }
            return ""
        #endif
    }
}
