/// Which libraries a state opens.
public enum LuaProfile: Sendable {
    /// All of Lua's libraries, for scripts that a person runs.
    case script
    /// No `io`, `debug`, `package`, `dofile`, `loadfile` nor `string.dump`; `os` tells the time only; `load` takes text
    /// only; `__gc` is refused; `require` finds only what the host set. For code that is loaded into a running program.
    case plugin
}
