/// What `\stats` is to do.
enum StatsRequest: Equatable, Sendable {
    case draw
    case page(path: String)
    case reset

    /// Nil for words that mean nothing.
    init?(_ arguments: [String]) {
        switch (arguments.first, arguments.count) {
        case (nil, 0): self = .draw
        case ("--reset", 1): self = .reset
        case ("--html", 2): self = .page(path: arguments[1])
        default: return nil
        }
    }

    /// Does it, and says what it came to.
    func answer(_ host: any ScriptHost, _ style: ChartStyle) throws(Failure) -> String {
        guard let figures = host.statistics else { throw Failure("nothing is counted here") }
        switch self {
        case .reset:
            host.resetStatistics()
            return "counting anew\n"
        case .draw:
            let text = DeliveryCharts.text(figures, style)
            return text.isEmpty ? "nothing was sent\n" : text
        case .page(let path):
            try TextFile.write(DeliveryPage.html(title: "kafka-lua", rows: [], figures), to: path)
            return "written to \(path)\n"
        }
    }
}
