/// How much a state may use.
public struct LuaLimits: Sendable, Equatable {
    /// The most bytes that Lua may hold at a time; nil for no limit. The libraries themselves take about 20 KiB.
    public var memory: Int?
    /// How much processor time a call from the host may use; nil for no limit. It is checked every 1,000 instructions,
    /// more often in a state that holds much or has made long strings, while patterns are matched, source is compiled and
    /// tables are gone through, and after each MiB that is allocated.
    ///
    /// One instruction is never cut short, and neither is a collection of garbage. Those of Lua take long only where
    /// somebody means it: integer keys chosen to collide in one table, or a long chain of keys in a weak table.
    public var time: Duration?

    public init(memory: Int? = nil, time: Duration? = nil) {
        self.memory = memory
        self.time = time
    }

    /// No limits, as scripts and the prompt have.
    public static let none = LuaLimits()
    /// 64 MiB and 100 ms a call, as plugins have.
    public static let plugin = LuaLimits(memory: 64 << 20, time: .milliseconds(100))

    var timeInNanoseconds: UInt64 {
        guard let time else { return 0 }
        let (seconds, attoseconds) = time.components
        guard seconds >= 0, attoseconds >= 0, seconds < 1 << 32 else { return seconds < 0 ? 1 : UInt64.max / 2 }
        return max(1, UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000))
    }
}
