/// One thing that was typed.
enum Key: Hashable, Sendable {
    /// Characters typed one after the other and read at once.
    case text(String)
    /// What was pasted between the marks of bracketed paste; lines end in `\n`.
    case paste(String)
    /// A letter, or one of `_ @ [ ] \ ^`, with Ctrl, in lower case.
    case control(Character)
    /// A character after Escape or with Alt.
    case meta(Character)
    case enter, metaEnter, tab, backTab, backspace, metaBackspace, escape
    case up, down, left, right, wordLeft, wordRight, home, end, pageUp, pageDown, delete
    /// A sequence that has no meaning here.
    case unknown
}
