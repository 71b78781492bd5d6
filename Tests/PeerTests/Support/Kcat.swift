import ChildProcess

/// kcat, a client on librdkafka, against the brokers named.
struct Kcat {
    let bootstrapServers: String

    /// Sends records, all with the same headers, in one run.
    func send(
        _ lines: [Line], to topic: String, compression: String = "none", headers: [String] = [],
        settings: [String] = []
    ) async throws {
        let keyed = lines.contains { $0.key != nil }
        var arguments = ["-P", "-t", topic, "-X", "compression.codec=\(compression)"]
        if keyed { arguments += ["-K", "\\t"] }
        for header in headers { arguments += ["-H", header] }
        for setting in settings { arguments += ["-X", setting] }
        let input = lines.map { keyed ? "\($0.key ?? "")\t\($0.value ?? "")\n" : "\($0.value ?? "")\n" }.joined()
        try await run(arguments, input: input)
    }

    /// Reads records of a topic, all unless something else is said, and checks the checksum of each batch.
    func read(
        _ topic: String, partition: Int? = nil, from offset: String = "beginning", settings: [String] = []
    ) async throws -> [Line] {
        var arguments = [
            "-C", "-t", topic, "-o", offset, "-e", "-f", Line.format,
            "-X", "check.crcs=true", "-X", "fetch.wait.max.ms=10",
        ]
        if let partition { arguments += ["-p", "\(partition)"] }
        for setting in settings { arguments += ["-X", setting] }
        let output = try await run(arguments)
        return try output.split(separator: "\n").map { text in
            guard let line = Line(formatted: text) else { throw KcatFailure(description: "unexpected: \(text)") }
            return line
        }
    }

    /// Asks which topics there are; gives up after a second.
    func list(settings: [String]) async throws -> String {
        try await run(["-L", "-m", "1"] + settings.flatMap { ["-X", $0] }, quietly: false)
    }

    @discardableResult
    private func run(_ arguments: [String], input: String = "", quietly: Bool = true) async throws -> String {
        let arguments = ["-b", bootstrapServers] + (quietly ? ["-q"] : []) + arguments
        let outcome = try await ChildProcess.run("kcat", arguments, input: input, within: .seconds(120))
        guard outcome.status == 0, outcome.errors.isEmpty else {
            throw KcatFailure(description: "kcat ended with \(outcome.status): \(outcome.errors)")
        }
        return outcome.output
    }
}

/// What kcat complained of.
struct KcatFailure: Error, CustomStringConvertible {
    let description: String
}
