import Testing

@testable import Benchmarks

@Suite struct InstructionThresholdsTests {
    @Test func thresholdsAreWrittenAMarginAboveWhatWasMeasured() throws {
        let thresholds = InstructionThresholds(architecture: "x86_64", measured: ["keyed": 1000.2, "callback": 100])
        #expect(thresholds.limits == ["keyed": 1051, "callback": 105])
        let text = thresholds.text(order: ["callback", "keyed"])
        #expect(
            text.split(separator: "\n").suffix(3) == [
                "architecture x86_64", "callback           105", "keyed              1051",
            ])
        #expect(try InstructionThresholds(text) == thresholds)
    }

    @Test func commentsAndEmptyLinesMeanNothing() throws {
        let thresholds = try InstructionThresholds("# all\n\narchitecture arm64\nkeyed 10 # since then\n")
        #expect(thresholds == InstructionThresholds(architecture: "arm64", measured: [:]).with(["keyed": 10]))
    }

    @Test func whatIsNoThresholdIsRefused() {
        #expect(throws: BenchmarkError.self) { try InstructionThresholds("keyed many") }
        #expect(throws: BenchmarkError.self) { try InstructionThresholds("keyed 1 2") }
    }

    @Test func aCaseMayCostItsLimitAndNoMore() throws {
        let thresholds = try InstructionThresholds("architecture x86_64\nkeyed 1000")
        #expect(thresholds.verdict("keyed", 1000) == .passed)
        #expect(thresholds.verdict("keyed", 800) == .passed)
        #expect(thresholds.verdict("keyed", 1000.1) == .exceeded(limit: 1000))
        #expect(thresholds.verdict("keyed", 799) == .mayBeLowered)
        #expect(thresholds.verdict("callback", 1) == .missing)
    }

    @Test func theCountIsReadFromTheReport() {
        let report = "==1== Events    : Ir\n==1== Collected : 72269347\n==1== \n==1== I   refs:      72,269,347\n"
        #expect(InstructionCount.collected(report) == 72_269_347)
        #expect(InstructionCount.collected("==1== Events    : Ir\n") == nil)
    }
}

extension InstructionThresholds {
    fileprivate func with(_ limits: [String: Double]) -> InstructionThresholds {
        var copy = self
        copy.limits = limits
        return copy
    }
}
