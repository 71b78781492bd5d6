extension LuaScript {
    /// What a new version waits for. Records keep their order within a partition whatever it is; those of a key go to
    /// another partition when a new version maps it to another one, and may be stored there before older ones.
    public enum Drain: Sendable {
        /// Nothing.
        case none
        /// A topic takes records of the new version once those of older versions are acknowledged, so that each key keeps
        /// its order. `send` waits for that, at most `max.block.ms`.
        case keys
        /// As `keys`, and before the new version comes in what has been sent is flushed: `flush { try producer.flush() }`.
        case flush(@Sendable () throws -> Void)
    }
}
