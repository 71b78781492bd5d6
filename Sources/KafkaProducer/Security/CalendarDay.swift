#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The day of a time, as a message shows it.
enum CalendarDay {
    /// `2026-11-21`, in UTC.
    static func text(secondsSince1970: Int) -> String {
        var time = time_t(secondsSince1970)
        var parts = tm()
        guard gmtime_r(&time, &parts) != nil else { return "\(secondsSince1970)" }
        return [Int32(1900) + parts.tm_year, parts.tm_mon + 1, parts.tm_mday]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
    }
}
