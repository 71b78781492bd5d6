/// The text of values, as all keys have it.
enum ConfigurationText {
    /// Without the white space and control characters at both ends, which Java drops as well (`String.trim`).
    static func trimmed(_ text: some StringProtocol) -> String {
        let scalars = Substring(text).unicodeScalars
        guard let first = scalars.firstIndex(where: { $0 > " " }), let last = scalars.lastIndex(where: { $0 > " " })
        else { return "" }
        return String(scalars[first...last])
    }

    /// What stands between the commas.
    static func items(_ text: String) -> [String] {
        text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
    }

    /// A control character in a name or a path is a slip of an editor or an escape that was not meant, such as the
    /// `\t` of `C:\temp` in a `.properties` file.
    static func checkPrintable(_ text: String) throws(ConfigurationReason) {
        guard let control = text.unicodeScalars.first(where: { $0.properties.generalCategory == .control }) else {
            return
        }
        throw ConfigurationReason(text: "contains the control character U+\(hexadecimal(control))")
    }

    /// As an error shows it: on one line, and not too long of it.
    static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(visibleLimit) {
            if scalar.properties.generalCategory == .control {
                shown += "\\u" + hexadecimal(scalar)
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.count > visibleLimit ? shown + "…" : shown
    }

    private static let visibleLimit = 120

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
