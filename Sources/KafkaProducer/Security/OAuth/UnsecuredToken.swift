import KafkaWire

/// Tokens that nobody has signed, for brokers under test: the options of `sasl.jaas.config` that Java's
/// `OAuthBearerUnsecuredLoginCallbackHandler` has (RFC 7515, appendix A.5).
struct UnsecuredToken: Sendable, Equatable {
    private let principal: String
    /// But `iat` and `exp`, each with its value as JSON.
    private let claims: [String: String]
    private let lifetimeSeconds: Int64
    private let extensions: [String: String]

    private static let lifetime = "unsecuredLoginLifetimeSeconds"
    private static let principalName = "unsecuredLoginPrincipalClaimName"
    private static let names: Set<String> = [
        lifetime, principalName, "unsecuredLoginScopeClaimName", "unsecuredLoginStringClaim_sub",
    ]
    private static let extensionPrefix = "unsecuredLoginExtension_"
    private static let claimForms:
        [(prefix: String, value: @Sendable (_ text: String) throws(ConfigurationReason) -> String)] = [
            ("unsecuredLoginStringClaim_", { JSONForm.string($0) }),
            (
                "unsecuredLoginNumberClaim_",
                { (text) throws(ConfigurationReason) in
                    guard let number = Double(text), number.isFinite else {
                        throw ConfigurationReason(text: "must be a number")
                    }
                    return "\(number)"
                }
            ),
            // The first character is what stands between the items.
            (
                "unsecuredLoginListClaim_",
                { text in
                    let items = text.first.map { text.dropFirst().split(separator: $0) } ?? []
                    return "[\(items.map { JSONForm.string(String($0)) }.joined(separator: ","))]"
                }
            ),
        ]

    /// - Throws: `ConfigurationReason` that names the option.
    init(_ options: [String: String]) throws(ConfigurationReason) {
        try options.requireNames(Self.names, orPrefixes: Self.claimForms.map(\.prefix) + [Self.extensionPrefix])
        var claims: [String: String] = [:]
        var extensions: [String: String] = [:]
        for (name, text) in options.sorted(by: { $0.key < $1.key }) {
            if name.hasPrefix(Self.extensionPrefix) {
                extensions[String(name.dropFirst(Self.extensionPrefix.count))] = text
            } else if let form = Self.claimForms.first(where: { name.hasPrefix($0.prefix) }) {
                let claim = String(name.dropFirst(form.prefix.count))
                guard !claim.isEmpty, claim != "iat", claim != "exp" else {
                    throw Self.reason(name, "no such claim can be set")
                }
                do { claims[claim] = try form.value(text) } catch { throw Self.reason(name, error.text) }
            }
        }
        self.claims = claims
        self.extensions = extensions
        guard let seconds = Int64(options[Self.lifetime] ?? "3600"), (1...Self.maximumSeconds).contains(seconds) else {
            throw Self.reason(Self.lifetime, "must be a number of seconds from 1 on")
        }
        lifetimeSeconds = seconds
        let principalClaim = options[Self.principalName] ?? "sub"
        guard let name = options["unsecuredLoginStringClaim_\(principalClaim)"], !name.isEmpty else {
            throw ConfigurationReason(
                text: "sasl.jaas.config must have the option unsecuredLoginStringClaim_\(principalClaim)")
        }
        principal = name
        let token = issued(at: 0)
        if let fault = token.fault { throw ConfigurationReason(text: "sasl.jaas.config: \(fault)") }
    }

    private static let maximumSeconds: Int64 = 100 * 365 * 86_400

    private static func reason(_ option: String, _ text: String) -> ConfigurationReason {
        ConfigurationReason(text: "sasl.jaas.config, option \(ConfigurationText.shown(option)): \(text)")
    }

    /// A token of this moment.
    func issued(at seconds: Int64 = WallClock.exactMilliseconds / 1000) -> OAuthBearerToken {
        let stamped = claims.merging(
            ["iat": "\(seconds)", "exp": "\(seconds + lifetimeSeconds)"], uniquingKeysWith: { $1 })
        let body = stamped.sorted { $0.key < $1.key }.map { "\(JSONForm.string($0)):\($1)" }.joined(separator: ",")
        let value = [#"{"alg":"none"}"#, "{\(body)}", ""].map { Self.urlSafe($0) }.joined(separator: ".")
        return OAuthBearerToken(
            Secret(value), lifetime: .seconds(lifetimeSeconds), principal: principal, extensions: extensions)
    }

    /// Base64 with the alphabet of RFC 4648, section 5, and no padding.
    private static func urlSafe(_ text: String) -> String {
        String(
            Base64.encode(Array(text.utf8)).compactMap { character in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }
}

/// Text as JSON writes it.
private enum JSONForm {
    static func string(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case _ where scalar.value < 0x20:
                "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
