import KafkaProducer
import LuaRuntime

/// One version of what plays a role, ready to take over: a plugin, or a chain of them, for each instance.
struct PluginVersion: Sendable {
    let texts: [PluginText]
    let options: LuaScriptOptions
    /// By instance, in the order of the chain.
    let chains: [[Plugin]]

    /// Loads and tries everything, with nothing locked.
    /// - Throws: `LuaError`.
    init(_ texts: [PluginText], _ options: LuaScriptOptions, for role: PluginRole, instances: Int) throws(LuaError) {
        self.texts = texts
        self.options = options
        var chains: [[Plugin]] = []
        for _ in 0..<instances {
            var chain: [Plugin] = []
            for text in texts {
                let plugin = try Plugin(text, needing: role.hooks, options)
                try role.probe(plugin)
                chain.append(plugin)
            }
            chains.append(chain)
        }
        self.chains = chains
    }
}

/// What a version leaves behind that another has taken the place of: enough to bring it back.
struct FormerVersion: Sendable {
    var texts: [PluginText]
    var options: LuaScriptOptions
    /// What it handed over when it went, by instance.
    var states: [[HandedState]]
}

/// What a plugin hands on.
struct HandedState: Sendable {
    var source: PluginSource
    var value: LuaValue
    var version: String?
}
