/// The characters that charts are drawn with.
struct Glyphs: Equatable, Sendable {
    /// Eight heights, the lowest first.
    var levels: [Character]
    /// Bars: parts of a column from the smallest to the whole.
    var parts: [Character]
    /// Between the ends of a range, and before what is multiplied.
    var dash, times, micro: String

    static let unicode = Glyphs(
        levels: Array("▁▂▃▄▅▆▇█"), parts: Array("▏▎▍▌▋▊▉█"), dash: "–", times: "×", micro: "µ")
    static let ascii = Glyphs(levels: Array("_.-:=+*#"), parts: ["#"], dash: "-", times: "x", micro: "u")

    /// Those that the locale can show: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that says anything counts.
    static func of(environment: (String) -> String?) -> Glyphs {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty } ?? ""
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8") ? .unicode : .ascii
    }
}
