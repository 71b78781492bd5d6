/// A way to go in a ``LineBuffer``; kills and deletions take the text between the cursor and where it leads.
enum Movement: Sendable {
    case left, right
    /// Words are letters and digits, as in emacs.
    case wordLeft, wordRight
    /// Back over white space, then over what is not white space.
    case blankWordLeft
    case lineStart, lineEnd
    /// As ``lineStart`` and ``lineEnd``, but over the line break when already there.
    case lineStartOrBreak, lineEndOrBreak
    case up, down
    case blockStart, blockEnd
}
