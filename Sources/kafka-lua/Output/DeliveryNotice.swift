/// What is said above the prompt about records that were acknowledged while it waited: one by one, or counted when
/// there are many.
struct DeliveryNotice {
    /// More than this many at once are counted.
    static let namedLimit = 5

    private var named: [String] = []
    private var delivered = 0
    private var failed = 0

    /// - Parameter place: Where the record is, such as `orders-0 @ 17`.
    mutating func add(deliveredAt place: @autoclosure () -> String) {
        delivered += 1
        if named.count <= Self.namedLimit { named.append("✓ \(place())") }
    }

    /// - Parameter reason: The error, with the topic it was for.
    mutating func add(failure reason: @autoclosure () -> String) {
        failed += 1
        if named.count <= Self.namedLimit { named.append("✗ \(reason())") }
    }

    /// The lines for what came since the last time; empty when nothing did.
    mutating func take() -> String {
        defer { self = DeliveryNotice() }
        guard delivered + failed > 0 else { return "" }
        if delivered + failed <= Self.namedLimit { return named.joined(separator: "\n") + "\n" }
        let failures = failed > 0 ? ", \(ProgressLine.grouped(failed)) failed" : ""
        return "✓ \(ProgressLine.grouped(delivered)) delivered\(failures)\n"
    }
}
