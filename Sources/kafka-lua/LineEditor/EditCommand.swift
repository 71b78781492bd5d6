/// What a key asks of the editor.
enum EditCommand: Sendable {
    case move(Movement)
    /// Removes text; `kill` keeps it for a yank.
    case delete(Movement), kill(Movement)
    case yank, yankPrevious, transpose, undo
    case enter, newline, complete, cancel, clearScreen, suspend
    /// Removes the character under the cursor; on an empty line, the end of input.
    case deleteOrEnd
    /// One line up or down in the block; on its first or last line, through the history.
    case up, down
    /// Through the blocks of the history that begin with what stands before the cursor.
    case olderWithPrefix, newerWithPrefix
    case searchHistory, searchForward
    case beep, ignore
}

extension EditCommand {
    /// The keys of emacs and of the arrow block.
    static let bindings: [Key: EditCommand] = [
        .control("a"): .move(.lineStart), .home: .move(.lineStart),
        .control("e"): .move(.lineEnd), .end: .move(.lineEnd),
        .control("b"): .move(.left), .left: .move(.left),
        .control("f"): .move(.right), .right: .move(.right),
        .meta("b"): .move(.wordLeft), .wordLeft: .move(.wordLeft),
        .meta("f"): .move(.wordRight), .wordRight: .move(.wordRight),
        .meta("<"): .move(.blockStart), .meta(">"): .move(.blockEnd),
        .backspace: .delete(.left), .delete: .delete(.right), .control("d"): .deleteOrEnd,
        .control("k"): .kill(.lineEndOrBreak), .control("u"): .kill(.lineStartOrBreak),
        .control("w"): .kill(.blankWordLeft), .metaBackspace: .kill(.wordLeft), .meta("d"): .kill(.wordRight),
        .control("y"): .yank, .meta("y"): .yankPrevious, .control("t"): .transpose, .control("_"): .undo,
        .enter: .enter, .metaEnter: .newline, .control("o"): .newline, .tab: .complete,
        .control("c"): .cancel, .control("l"): .clearScreen, .control("z"): .suspend,
        .up: .up, .control("p"): .up, .down: .down, .control("n"): .down,
        .pageUp: .olderWithPrefix, .meta("p"): .olderWithPrefix,
        .pageDown: .newerWithPrefix, .meta("n"): .newerWithPrefix,
        .control("r"): .searchHistory, .control("s"): .searchForward,
        .escape: .ignore, .unknown: .ignore, .backTab: .ignore,
    ]
}
