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

/// Shows on a terminal what is being done, in a line that the next one replaces.
func showProgress(_ text: String) {
    if isatty(2) == 1 { writeError("\r\u{1b}[K" + text) }
}

/// Prints a line to standard error.
func warn(_ line: String) {
    writeError(line + "\n")
}

private func writeError(_ text: String) {
    _ = text.utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
}
