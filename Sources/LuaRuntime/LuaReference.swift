import Synchronization

/// A value that stays in Lua and is kept from the collector for as long as this object lives.
///
/// It may be let go on any thread: the state releases what it kept on its owner's next turn.
public final class LuaReference: Sendable, Equatable {
    let number: Int32
    let released: ReleasedReferences

    init(number: Int32, released: ReleasedReferences) {
        self.number = number
        self.released = released
    }

    deinit {
        released.append(number)
    }

    /// Whether both keep the same value for the same purpose; the same value kept twice has two references.
    public static func == (left: LuaReference, right: LuaReference) -> Bool {
        left === right
    }
}
