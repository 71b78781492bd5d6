import CJansson
import KafkaWire

/// A token that nobody has signed (RFC 7515, appendix A.5; Java's `OAuthBearerUnsecuredJws`): a header, claims and an
/// empty signature.
struct UnsecuredToken: Equatable {
    /// Whose it is.
    var subject: String
    /// In milliseconds since 1970.
    var expiresAt: Int64
    /// When it was issued, if it says so.
    var startsAt: Int64?

    /// Reads a token; nil if it is none, is signed, or does not say whose it is and when it expires.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].isEmpty,
            let header = Object(parts[0]), header.string("alg") == "none",
            let claims = Object(parts[1]), let subject = claims.string("sub"), !subject.isEmpty,
            let expiresAt = claims.milliseconds("exp")
        else { return nil }
        self.subject = subject
        self.expiresAt = expiresAt
        startsAt = claims.milliseconds("iat")
        guard startsAt ?? .min < expiresAt else { return nil }
    }

    /// A JSON object in base64 for addresses.
    private final class Object {
        private let json: UnsafeMutablePointer<json_t>

        init?(_ text: Substring) {
            let standard = String(text).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
            let padding = String(repeating: "=", count: (4 - standard.count % 4) % 4)
            guard let bytes = Base64.decode(String(standard) + padding) else { return nil }
            let parsed = bytes.withUnsafeBytes { bytes in
                json_loadb(
                    bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, size_t(JSON_REJECT_DUPLICATES), nil)
            }
            guard let parsed = parsed else { return nil }
            json = parsed
        }

        deinit { json_decref(json) }

        func string(_ key: String) -> String? {
            let value = json_object_get(json, key)
            return json_string_value(value).map { String(cString: $0) }
        }

        /// A time, which is in seconds there.
        func milliseconds(_ key: String) -> Int64? {
            guard let value = json_object_get(json, key) else { return nil }
            return Int64(exactly: (json_number_value(value) * 1000).rounded())
        }
    }
}
