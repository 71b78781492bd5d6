import KafkaLua
import LuaRuntime

// What there is to say of the text of a chunk that is wrong: the place, and what to do about it.
extension LuaScriptHost {
    /// Whether more lines can complete a text. A string in quotes ends on its line, unless a backslash goes before.
    func isIncomplete(_ error: LuaError, _ source: String) -> Bool {
        error.isIncomplete && (!error.message.hasPrefix("unfinished string") || source.hasSuffix("\\"))
    }

    func explained(_ failure: Failure, inTyped text: String) -> Failure {
        explained(failure, in: text, lua: ChunkPlan.lua)
    }

    /// - Parameter lua: what is compiled of a beginning of the text.
    private func explained(_ failure: Failure, in source: String, lua: (String) -> String = { $0 }) -> Failure {
        let place = SyntaxPlace(in: source) { text in
            do throws(LuaError) {
                try environment.check(lua(text), name: ChunkPlan.chunkName)
                return false
            } catch {
                return !isIncomplete(error, text)
            }
        }
        var failure = failure
        failure.excerpt = place?.excerpt
        failure.hint = hints.hint(for: failure.message, line: place?.line ?? "")
        return failure
    }

    /// An error of a chunk, with what there is to say of its text.
    func failure(_ error: LuaError, in source: String, name: String) -> Failure {
        var failure = Failure(script: error)
        if error.kind == .syntax { return explained(failure, in: source) }
        let isHere = error.script == String(name.dropFirst())
        let lines = isHere ? source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) : []
        let line = error.line.map { lines.indices.contains($0 - 1) ? String(lines[$0 - 1]) : "" }
        failure.hint = hints.hint(for: error.message, line: line ?? "")
        return failure
    }

    private var hints: MistakeHint {
        MistakeHint(
            globals: Set(names.names(in: []).keys), module: Set(names.names(in: ["kafka"]).keys),
            methods: LuaManual.shared.methodNames)
    }
}
