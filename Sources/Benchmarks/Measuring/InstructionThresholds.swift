/// How many instructions a record may cost, case by case: the contents of `scripts/instructions.txt`.
struct InstructionThresholds: Equatable {
    /// The processors that the thresholds are for, such as `x86_64`.
    var architecture: String
    /// Instructions a record, by the case's name.
    var limits: [String: Double]

    /// What a case may cost more than the largest figure that was measured. Ten runs in a row swing by 2 % at most; a
    /// script's figures were 3.6 % apart between two series of runs, for a reason that was not looked for.
    static let margin = 0.05

    /// Below this part of its limit a case has become so much cheaper that the limit guards nothing.
    static let slack = 0.8

    /// Thresholds a margin above what was measured, the largest figure of each case.
    init(architecture: String, measured: [String: Double]) {
        self.architecture = architecture
        limits = measured.mapValues { ($0 * (1 + Self.margin)).rounded(.up) }
    }

    /// Reads lines of a name and a number; `architecture` stands in a line of its own, comments follow `#`.
    init(_ text: String) throws {
        architecture = ""
        limits = [:]
        for line in text.split(separator: "\n") {
            let words = line.prefix { $0 != "#" }.split(separator: " ")
            if words.isEmpty { continue }
            if words.count == 2, words[0] == "architecture" {
                architecture = String(words[1])
            } else if words.count == 2, let limit = Double(words[1]) {
                limits[String(words[0])] = limit
            } else {
                throw BenchmarkError("not a case and its instructions a record: \(line)")
            }
        }
    }

    /// The text that `init(_:)` reads, the cases in the order given.
    func text(order: [String]) -> String {
        let lines = order.compactMap { name in
            limits[name].map { name.left(Row.nameWidth) + "\(Int($0))" }
        }
        return """
            # Instructions a record at most, \(Int(Self.margin * 100)) % above what was measured.
            # Written by scripts/bench --instructions --update, checked by scripts/bench --instructions.
            architecture \(architecture)
            \(lines.joined(separator: "\n"))

            """
    }

    func allows(_ name: String, _ measured: Double) -> Bool {
        limits[name].map { measured <= $0 } ?? false
    }

    /// What is to be said of a case.
    enum Verdict: Equatable {
        case passed
        /// Passed, by so much that the limit should follow.
        case mayBeLowered
        case exceeded(limit: Double)
        case missing
    }

    func verdict(_ name: String, _ measured: Double) -> Verdict {
        guard let limit = limits[name] else { return .missing }
        if !allows(name, measured) { return .exceeded(limit: limit) }
        return measured < limit * Self.slack ? .mayBeLowered : .passed
    }
}
