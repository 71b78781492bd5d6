/// A place in a ``LuaFrame``: an argument, a result, or what was looked up in one of them.
///
/// It is a number and what to call it in an error; it says nothing outside the closure that was given the frame.
public struct LuaSlot: Sendable {
    let index: Int32
    /// The number of the argument or result that it belongs to.
    let number: Int32
    /// The field of it, when it is one.
    let field: StaticString?
}
