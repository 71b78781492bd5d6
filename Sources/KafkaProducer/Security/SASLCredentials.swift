/// A name, its password, and where they were written.
struct SASLCredentials: Equatable {
    var username: String
    var password: Secret
    var keys: String
    /// Of SCRAM's first message.
    var extensions: [String: String] = [:]
}

extension SASLSettings {
    /// - Throws: `ConfigurationReason` that names the key, and the option of `sasl.jaas.config`.
    func credentials(for mechanism: SASLMechanism) throws(ConfigurationReason) -> SASLCredentials {
        if let username, let password {
            return SASLCredentials(username: username, password: password, keys: "sasl.username and sasl.password")
        }
        guard let jaasConfig else {
            throw ConfigurationReason(
                text: "sasl.mechanism=\(mechanism.rawValue) needs sasl.username and sasl.password, or sasl.jaas.config")
        }
        let options = try JAASEntry(parsing: jaasConfig.value).options
        try options.requireNames(mechanism == .plain ? ["username", "password"] : Self.scramOptions)
        guard let username = options["username"], !username.isEmpty, let password = options["password"],
            !password.isEmpty
        else {
            throw ConfigurationReason(
                text: "sasl.jaas.config must have the options username and password for "
                    + "sasl.mechanism=\(mechanism.rawValue)")
        }
        let isToken = options["tokenauth"]?.lowercased() == "true"
        return SASLCredentials(
            username: username, password: Secret(password), keys: "sasl.jaas.config",
            extensions: isToken ? ["tokenauth": "true"] : [:])
    }

    private static let scramOptions: Set<String> = ["username", "password", "tokenauth"]
}

extension [String: String] {
    /// - Throws: `ConfigurationReason` that names the first option which is not among `known`; the nearest of these, too.
    ///   A value is never shown.
    func requireNames(_ known: Set<String>, orPrefixes prefixes: [String] = []) throws(ConfigurationReason) {
        for name in keys.sorted() where !known.contains(name) && !prefixes.contains(where: name.hasPrefix) {
            let nearest = Spelling.nearest(to: name, among: known.sorted())
            throw ConfigurationReason(
                text: "sasl.jaas.config has an option '\(ConfigurationText.shown(name))' that is not known"
                    + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
        }
    }
}
