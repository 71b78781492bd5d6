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
}
