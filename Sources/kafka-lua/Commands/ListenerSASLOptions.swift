import ArgumentParser

/// How clients log in at the embedded broker.
struct ListenerSASLOptions: ParsableArguments {
    @Option(
        name: .customLong("user"),
        help: .init("Who may log in; others may not. Can be repeated.", valueName: "name:password"))
    var users: [String] = []

    @Option(
        name: .customLong("users-file"),
        help: .init("The same from a file, one to a line, so that other users do not see it.", valueName: "file"))
    var usersFile: String?

    @Option(
        name: .customLong("sasl-mechanisms"),
        help: .init(
            "How clients may log in: \(BrokerRequest.SASL.knownMechanisms.joined(separator: ", ")); by default by each "
                + "of these that needs a password.", valueName: "name,…"))
    var mechanisms: String?

    @Option(
        name: .customLong("session-lifetime-ms"),
        help: .init("How long a client may go on before it has to log in anew.", valueName: "N"))
    var sessionLifetimeMs: Int64?

    mutating func validate() throws {
        // What was wrong is not repeated: it may be a password.
        guard names != nil else { throw ValidationError("--user is NAME:PASSWORD") }
        let known = BrokerRequest.SASL.knownMechanisms
        if let mechanismNames, mechanismNames.isEmpty || !mechanismNames.allSatisfy(known.contains) {
            throw ValidationError("--sasl-mechanisms are some of \(known.joined(separator: ", "))")
        }
        guard let sessionLifetimeMs else { return }
        guard request != nil else { throw ValidationError("--session-lifetime-ms needs --user or --sasl-mechanisms") }
        guard (1...31_536_000_000).contains(sessionLifetimeMs) else {
            throw ValidationError("--session-lifetime-ms is from 1 to 31536000000, a year")
        }
    }

    private var mechanismNames: [String]? { mechanisms?.split(separator: ",").map(String.init) }

    /// nil if one of them is none.
    private var names: BrokerUsers? {
        var names = BrokerUsers()
        return users.allSatisfy { names.add($0) } ? names : nil
    }

    /// nil if nobody has to log in.
    var request: BrokerRequest.SASL? {
        guard !users.isEmpty || usersFile != nil || mechanisms != nil else { return nil }
        return BrokerRequest.SASL(
            users: names ?? BrokerUsers(), usersFile: usersFile, mechanisms: mechanismNames,
            sessionLifetimeMs: sessionLifetimeMs)
    }
}
