/// What a schedule came to.
package protocol SimulationOutcome: Equatable, Sendable {
    var seed: UInt64 { get }
    /// Rules that were broken; empty if all is well.
    var violations: [String] { get }
    /// What was counted, the same things in the same order for each schedule.
    var figures: [(name: String, count: Int)] { get }

    /// A schedule that could not be played.
    init(seed: UInt64, violations: [String])
}
