/// Which engine the commands use.
enum Engines {
    static let current: any Engine = DetachedEngine()
}

/// Stands where the engine is plugged in; says so of everything it is asked for.
struct DetachedEngine: Engine {
    private static let failure = Failure("this build has no engine: neither Lua nor a producer is linked")

    var configurationKeys: [ConfigurationKey] { [] }

    func makeScriptHost(_ request: ScriptRequest) throws(Failure) -> any ScriptHost { throw Self.failure }

    func makeSender(
        _ configuration: ClientConfiguration, _ diagnostics: Diagnostics
    ) throws(Failure) -> any RecordSender { throw Self.failure }

    func makeReader(
        _ configuration: ClientConfiguration, _ request: TailRequest
    ) throws(Failure) -> any RecordReader { throw Self.failure }

    func makeBroker(_ request: BrokerRequest) throws(Failure) -> any RunningBroker { throw Self.failure }
}
