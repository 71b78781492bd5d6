import ArgumentParser
import KafkaLua

/// `kafka-lua lua-definitions`.
struct LuaDefinitionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lua-definitions",
        abstract: "Print what scripts see, for the Lua language server of your editor.",
        discussion: """
            The file completes and checks scripts in editors that have a Lua language server which reads LuaCATS
            annotations.

            Examples:
              kafka-lua lua-definitions > kafka.lua
              echo '{ "workspace.library": ["kafka.lua"], "runtime.version": "Lua 5.4" }' > .luarc.json
            """)

    func run() throws { Descriptor.write(LuaDefinitions.text, to: Descriptor.output) }
}
