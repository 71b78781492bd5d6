import Testing

@testable import kafka_lua

@Suite struct ConfigurationCompletionTests {
    @Test(arguments: [
        (#"kafka.producer{ ["lin"#, ["linger.ms"]),
        (#"p = kafka.producer{ acks = 1, [ 'retry."#, ["retry.backoff.ms", "retry.backoff.max.ms"]),
        (#"kafka.producer{ ["compression.type"] = "s"#, ["snappy"]),
        (#"kafka.producer{ ['enable.idempotence'] = ""#, ["true", "false"]), (#"kafka.producer{ acks = "a"#, ["all"]),
    ])
    func keysAndTheirValuesAreCompleted(text: String, candidates: [String]) {
        let completion = ConfigurationCompletion.completion(of: text, cursor: text.count)
        #expect(completion.candidates == candidates)
        #expect(completion.replacing.upperBound == text.count)
    }

    @Test(arguments: [
        "", "lin", #"t["lin"#, #"kafka.producer{ ["linger.ms"] = "#, #"kafka.producer{ ["linger.ms"] = "5"#,
        #"kafka.producer{ client = "lin"#, #"kafka.producer{ ["lin\n"#, #"kafka.producer{ ["lin\""#,
        #"kafka.producer{ "lin"#,
    ])
    func nothingElseIsCompleted(text: String) {
        #expect(ConfigurationCompletion.completion(of: text, cursor: text.count) == .none)
    }

    @Test func onlyWhatStandsBeforeTheCursorCounts() {
        let text = #"kafka.producer{ ["linger"] = 5 }"#
        let completion = ConfigurationCompletion.completion(of: text, cursor: 21)
        #expect(completion == Completion(replacing: 18..<21, candidates: ["linger.ms"]))
    }
}
