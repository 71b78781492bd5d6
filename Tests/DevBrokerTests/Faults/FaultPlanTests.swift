import KafkaWire
import Testing

@testable import DevBroker

@Suite struct FaultPlanTests {
    private let batch = FaultPlan.Place(api: .produce, topic: "orders", partition: 1)

    private func drawn(_ scope: Fault.Scope, _ faults: Faults, times: Int = 2000) -> [Fault?] {
        var plan = FaultPlan(faults)
        return (0..<times).map { _ in plan.next(scope, at: batch) }
    }

    @Test func withoutChancesNothingGoesWrong() {
        #expect(drawn(.connection, Faults()).allSatisfy { $0 == nil })
        #expect(drawn(.part, Faults()).allSatisfy { $0 == nil })
    }

    @Test(arguments: [
        (Faults.Kind.closed, Fault.closeBefore), (.lost, .closeAfter), (.unanswered, .dropAnswer),
    ])
    func connectionsFailAsOftenAsWasSaid(kind: Faults.Kind, fault: Fault) {
        let count = drawn(.connection, Faults([kind: 100])).count { $0 == fault }
        #expect((100...300).contains(count))
        #expect(drawn(.connection, Faults([kind: 1000])).allSatisfy { $0 == fault })
        #expect(drawn(.part, Faults([kind: 1000])).allSatisfy { $0 == nil })
    }

    @Test func theSameSeedDrawsTheSame() {
        let faults = Faults([.errors: 100, .late: 50, .moves: 30], seed: 7)
        let other = Faults([.errors: 100, .late: 50, .moves: 30], seed: 8)
        #expect(drawn(.part, faults) == drawn(.part, faults))
        #expect(drawn(.part, faults) != drawn(.part, other))
    }

    @Test(arguments: [
        (.produce, 12, FaultPlan.errors[.produce] ?? []),
        (.produce, 13, (FaultPlan.errors[.produce] ?? []) + FaultPlan.laterProduceErrors),
        (.metadata, 0, FaultPlan.errors[.metadata] ?? []),
        (.initProducerId, 0, FaultPlan.errors[.initProducerId] ?? []),
        (.findCoordinator, 0, FaultPlan.errors[.findCoordinator] ?? []),
        (.endTxn, 0, FaultPlan.errors[.endTxn] ?? []),
    ] as [(APIKey, Int16, [ErrorCode])])
    func eachErrorIsDrawnAndWorthARetry(api: APIKey, version: Int16, codes: [ErrorCode]) {
        var plan = FaultPlan(Faults([.errors: 1000]))
        let drawn = (0..<1000).map { _ in plan.next(.part, at: FaultPlan.Place(api: api, version: version)) }
        #expect(
            Set(codes.map(\.rawValue))
                == Set(
                    drawn.compactMap { fault in
                        if case .error(let code) = fault { code.rawValue } else { nil }
                    }))
        #expect(codes.allSatisfy { $0.isRetriable })
        #expect(FaultPlan.lateErrors.values.joined().allSatisfy { $0.isRetriable })
        #expect(!FaultPlan.finalErrors.contains { $0.isRetriable })
    }

    @Test func delaysAreNoLongerThanWasSaid() {
        let delays = drawn(.connection, Faults(longestDelay: .milliseconds(2)))
        let expected = Set((0...2).map { Fault.delayAnswer(.milliseconds($0)) }.map(String.init(describing:)))
        #expect(Set(delays.compactMap { $0.map(String.init(describing:)) }) == expected)
    }

    @Test func commandsComeFirstAndAsOftenAsWasSaid() {
        var plan = FaultPlan(Faults())
        plan.command(.error(.requestTimedOut), times: 2, at: FaultPlan.Place(api: .produce, topic: "orders"))
        plan.command(.moveLeader, times: 1, at: FaultPlan.Place(api: .produce, partition: 1))
        plan.command(.closeAfter, times: 1, at: FaultPlan.Place(api: .metadata))
        #expect(plan.next(.part, at: FaultPlan.Place(api: .produce, topic: "other", partition: 0)) == nil)
        #expect(plan.next(.connection, at: batch) == nil)
        #expect(
            (0..<4).map { _ in plan.next(.part, at: batch) } == [
                .error(.requestTimedOut), .error(.requestTimedOut), .moveLeader, nil,
            ])
        #expect(plan.next(.connection, at: FaultPlan.Place(api: .metadata)) == .closeAfter)
    }

    @Test func whatWentWrongByChanceIsCounted() {
        var plan = FaultPlan(Faults([.errors: 1000]))
        for _ in 0..<5 { _ = plan.next(.part, at: batch) }
        #expect(plan.counts == [.errors: 5])
    }
}
