import DevBroker

/// What came out of one run.
struct SoakResult: CustomStringConvertible {
    var records: Int
    var duration: Duration
    /// The longest time in which no callback ran.
    var longestPause: Duration
    /// Records whose callback heard of an error.
    var failed: Int
    /// Records that are in the log a second time.
    var duplicates: Int
    var faults: [Faults.Kind: Int]
    /// What is not as promised.
    var problems: [String]

    /// One line.
    var description: String {
        let seconds = duration / .seconds(1)
        let hundredths = Int(seconds * 100)
        let injected = Faults.Kind.allCases.map { "\($0.rawValue) \(faults[$0, default: 0])" }.joined(separator: ", ")
        let verdict = problems.isEmpty ? "ok" : "FAILED"
        return "\(verdict), \(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10) s, "
            + "\(Int(Double(records) / seconds)) records/s, longest pause \(Int(longestPause / .milliseconds(1))) ms, failed \(failed), duplicates \(duplicates); \(injected)"
    }
}
