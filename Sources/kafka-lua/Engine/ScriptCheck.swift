import KafkaLua
import LuaRuntime

/// Finds out what a Lua file is, and whether it could be used.
struct ScriptCheck {
    /// What a file may have to be.
    enum Role: String, CaseIterable, Sendable {
        case partitioner, interceptor, serializer, script

        /// One of these functions a plugin of the role gives.
        var functions: [String] {
            switch self {
            case .partitioner: ["partition"]
            case .interceptor: ["on_send", "on_ack"]
            case .serializer: ["serialize"]
            case .script: []
            }
        }
    }

    let text: String
    let name: String

    /// What the file is, in words.
    /// - Parameter role: what it has to be; nil finds out.
    /// - Throws: what is wrong with it.
    func finding(as role: Role?) throws(Failure) -> String {
        let returnsValue = try compile()
        if role == .script { return "a script that compiles" }
        let functions: [String]
        do {
            functions = try LuaScript(text: text, name: name).functions
        } catch {
            // What is a script fails in a sandbox, for want of a producer. Few scripts end by returning something.
            if role == nil, !returnsValue { return "a script that compiles" }
            throw Failure(script: error)
        }
        if let role, !functions.contains(where: role.functions.contains) {
            let wanted = role.functions.map { "'\($0)'" }.joined(separator: " or ")
            throw Failure("\(name): no \(role.rawValue): the table that it returned has no function \(wanted)")
        }
        return "a plugin with \(functions.joined(separator: ", "))"
    }

    /// Returns whether the text ends with a `return`.
    private func compile() throws(Failure) -> Bool {
        do throws(LuaError) {
            let state = try LuaState(profile: .script)
            _ = try state.load(text, name: "@\(name)")
            // Nothing may follow a `return`.
            do throws(LuaError) { _ = try state.load(text + "\nlocal _", name: "=check") } catch { return true }
            return false
        } catch {
            throw Failure(script: error)
        }
    }
}
