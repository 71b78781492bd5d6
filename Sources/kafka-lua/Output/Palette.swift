/// Colours, where they are wanted.
struct Palette: Equatable, Sendable {
    let isEnabled: Bool

    static let plain = Palette(isEnabled: false)

    init(isEnabled: Bool) { self.isEnabled = isEnabled }

    /// Colours unless `--no-color` was given, `NO_COLOR` is set to anything (no-color.org), or it is no full terminal.
    init(isTerminal: Bool, noColor: Bool, environment: (String) -> String?) {
        let asksForNone = noColor || environment("NO_COLOR")?.isEmpty == false || environment("TERM") == "dumb"
        isEnabled = isTerminal && !asksForNone
    }

    func paint(_ text: String, _ style: TextStyle?) -> String {
        guard isEnabled, let style, !text.isEmpty else { return text }
        return style.applied(to: text)
    }
}
