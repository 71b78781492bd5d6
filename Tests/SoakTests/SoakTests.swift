import ChildProcess
import Testing

/// Short runs of `soak`; the long ones are for scripts.
@Suite struct SoakTests {
    @Test(arguments: ["--idempotence", "--no-idempotence"])
    func allRecordsArriveAsPromisedWhateverGoesWrong(mode: String) async throws {
        let outcome = try await ChildProcess.run(
            BuiltProduct("soak").path, ["--records", "20000", "--seeds", "2", mode], within: .seconds(120))
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test(arguments: [[], ["--drain"], ["--instances", "3"]])
    func allRecordsMeetOneVersionWhileTheirScriptIsExchanged(mode: [String]) async throws {
        let outcome = try await ChildProcess.run(
            BuiltProduct("soak").path, ["swap", "--records", "20000", "--swaps", "50"] + mode, within: .seconds(300))
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }
}
