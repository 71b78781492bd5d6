#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Prints a line that whoever reads the output sees at once.
func show(_ line: String) {
    print(line)
    fflush(nil)
}
