import KafkaLua
import KafkaProducer
import LuaRuntime
import Testing

/// The definitions for language servers say what there is at run time, and nothing else.
@Suite struct LuaDefinitionsTests {
    /// Names of functions by what they belong to, `_G` for globals: `function kafka.json.encode(value) end`.
    private var documented: [String: Set<String>] {
        var names: [String: Set<String>] = [:]
        for line in LuaDefinitions.text.split(separator: "\n") where line.hasPrefix("function ") {
            let name = line.dropFirst("function ".count).prefix { $0 != "(" }
            let parts = name.split { $0 == "." || $0 == ":" }
            names[parts.dropLast().joined(separator: "."), default: []].insert(String(parts.last ?? ""))
        }
        return names
    }

    /// What a script finds, in the same form.
    private func present() async throws -> [String: Set<String>] {
        let broker = try await TestBroker()
        let files = try TemporaryScripts()
        let worker = try files.write("", to: "worker.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local function functions(place, names)
              for name, value in pairs(names) do
                if type(value) == "function" then print(place .. " " .. name) end
              end
            end
            functions("kafka", kafka)
            functions("kafka.json", kafka.json)
            functions("kafka.shared", kafka.shared)
            local p <close> = kafka.producer{ ["transactional.id"] = "t" }
            local objects = {
              producer = p, timer = kafka.every(3600, print), histogram = kafka.histogram(), future = send("t", nil, "v"),
              workers = kafka.workers(1, ...), scope = p:transaction(function(tx) return tx end),
            }
            for name, object in pairs(objects) do functions(name, debug.getmetatable(object).__index) end
            for _, name in ipairs{
              "send", "flush", "tail", "topics", "transaction", "swap", "rollback", "generation", "scripts", "watch",
            } do
              assert(type(_G[name]) == "function")
              print(" " .. name)
            end
            for name, value in pairs(kafka) do if type(value) ~= "function" then print("field " .. name) end end
            """, arguments: [worker])
        #expect(transcript.error == nil)
        var names: [String: Set<String>] = [:]
        for line in transcript.output {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            names[parts[0], default: []].insert(parts[1])
        }
        return names
    }

    @Test func everyNameIsThereAndNoOther() async throws {
        var present = try await present()
        #expect(present.removeValue(forKey: "field") == ["null", "json", "shared"])
        #expect(present == documented)
    }

    /// Globals that scripts see and Lua does not have: none is forgotten above.
    @Test func theGlobalsAreLuasAndThose() async throws {
        let transcript = try await ScriptRunner().run("for name in pairs(_G) do print(name) end")
        let lua = try LuaState().run("local t = {} for n in pairs(_G) do t[#t + 1] = n end return t", name: "=lua")
        guard case .table(let names)? = lua.first else { return }
        let known = Set(names.pairs.compactMap(\.value.text))
        #expect(Set(transcript.output).subtracting(known) == (documented[""] ?? []).union(["kafka"]))
    }

    @Test func everyConfigurationKeyIsAField() {
        let text = LuaDefinitions.text
        for key in ConfigurationKey.all { #expect(text.contains("---@field [\"\(key.name)\"]? ")) }
    }

    @Test func theFileIsLua() throws {
        #expect(try LuaState().run(LuaDefinitions.text, name: "@kafka.lua").isEmpty == false)
    }

    /// Whatever type an annotation names is a class, an alias or one of Lua's.
    @Test func everyTypeIsDefined() {
        let text = LuaDefinitions.text
        let defined = Set(text.matches(of: #/---@(?:class|alias) (kafka[\w.]*)/#).map { String($0.1) })
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("---@") }
        for line in lines {
            // What follows the type is text: a type has a dot in it and no full stop after it.
            for match in line.matches(of: #/kafka\.[\w.]*\w/#) where !line.contains("`\(match.0)") {
                #expect(defined.contains(String(match.0)), "\(line)")
            }
        }
    }
}
