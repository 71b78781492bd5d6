import LuaRuntime

extension LuaState {
    /// Calls `body` before a script writes to standard output or standard error by itself, past the console.
    /// - Parameter body: is told whether the line is ended by what is written.
    func announceWrites(_ body: @escaping (_ endsLine: Bool) -> Void) throws(LuaError) {
        let chunk = try load(
            """
            local announce = ...
            local file = getmetatable(io.stdout).__index
            local write = file.write
            function file.write(f, ...)
                local count = select("#", ...)
                if count > 0 and (f == io.stdout or f == io.stderr) then
                    local last = select(count, ...)
                    announce(type(last) == "string" and last:sub(-1) == "\\n")
                end
                return write(f, ...)
            end
            function io.write(...) return io.output():write(...) end
            """, name: "=kafka")
        try call(chunk) { writer in
            writer.append(function: "announce") { arguments, _ in body(arguments.truth(arguments[1])) }
        } results: { _ in
        }
    }
}
