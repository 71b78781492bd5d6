extension SASLSettings {
    /// Where tokens come from, and the key that says so.
    /// - Throws: `ConfigurationReason` that names the keys: nothing, or more than one thing, says where.
    func tokenProvider() throws(ConfigurationReason) -> (provider: OAuthBearerTokenProvider, keys: String) {
        var sources: [(provider: OAuthBearerTokenProvider, keys: String)] = []
        if let oauthBearerProvider { sources.append((oauthBearerProvider, "the token provider, oauth in a script")) }
        if let oauthBearerToken {
            sources.append((.fixed(OAuthBearerToken(oauthBearerToken)), "sasl.oauthbearer.token"))
        }
        if let url = oauthBearerTokenEndpointURL {
            sources.append((.file(try TokenFile.path(of: url)), "sasl.oauthbearer.token.endpoint.url"))
        }
        if let jaasConfig {
            let options = try JAASEntry(parsing: jaasConfig.value).options
            if !options.isEmpty {
                let token = try UnsecuredToken(options)
                sources.append((OAuthBearerTokenProvider(blocking: { token.issued() }), "sasl.jaas.config"))
            }
        }
        guard let source = sources.first else {
            throw ConfigurationReason(
                text: "sasl.mechanism=OAUTHBEARER needs a token provider, sasl.oauthbearer.token, "
                    + "sasl.oauthbearer.token.endpoint.url=file:///…, or unsecuredLogin… options in sasl.jaas.config")
        }
        guard sources.count == 1 else {
            throw ConfigurationReason(
                text: "\(sources.map(\.keys).joined(separator: " and ")) exclude each other: give one of them")
        }
        return source
    }
}
