import CIdn

/// The form in which names and passwords are compared (RFC 4013). The tables are libidn's.
package enum SASLprep {
    /// - Throws: ``ScramError`` if `text` has what must not be in a name or a password: control characters, a NUL,
    ///   characters of both directions.
    package static func prepare(_ text: String) throws(ScramError) -> String {
        if text.utf8.allSatisfy({ 0x20 <= $0 && $0 < 0x7F }) { return text }
        // The text ends at a NUL for libidn.
        guard !text.utf8.contains(0) else { throw ScramError("has a character that is not allowed there: NUL") }
        var prepared: UnsafeMutablePointer<CChar>?
        defer { free(prepared) }
        let code = stringprep_profile(text, &prepared, "SASLprep", Stringprep_profile_flags(0))
        guard code == STRINGPREP_OK.rawValue, let prepared else {
            let reason = stringprep_strerror(Stringprep_rc(UInt32(code))).map { String(cString: $0) } ?? "code \(code)"
            throw ScramError("cannot be prepared by SASLprep: \(reason)")
        }
        return String(cString: prepared)
    }
}
