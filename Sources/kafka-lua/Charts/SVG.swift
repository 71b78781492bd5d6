/// Pieces of SVG and of the page around it.
enum SVG {
    /// Text as it stands between tags or in quotes: what steers a browser is escaped, and what steers a reader.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in EscapedText.of(text.utf8).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A coordinate.
    static func number(_ value: Double) -> String {
        let text = ChartNumber.fixed(value, digits: 2)
        return text.replacing(",", with: "")
    }

    static func image(width: Double, height: Double, label: String, _ content: String) -> String {
        "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" aria-label=\"\(escaped(label))\">\n"
            + content + "</svg>\n"
    }

    static func text(_ text: String, x: Double, y: Double, anchor: String = "start") -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(escaped(text))</text>\n"
    }

    static func bar(x: Double, y: Double, width: Double, height: Double, title: String) -> String {
        "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\">"
            + "<title>\(escaped(title))</title></rect>\n"
    }
}
