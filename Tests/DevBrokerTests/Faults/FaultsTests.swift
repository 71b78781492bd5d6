import Testing

@testable import DevBroker

@Suite struct FaultsTests {
    @Test func namesAndChancesAreRead() throws {
        let faults = try Faults(parsing: "seed=7,errors=20,closed=5,lost=10,moves=2,late=1,unanswered=3,delay=5ms")
        let chances: [Faults.Kind: Int] = [
            .errors: 20, .closed: 5, .lost: 10, .moves: 2, .late: 1, .unanswered: 3,
        ]
        #expect(faults == Faults(chances, longestDelay: .milliseconds(5), seed: 7))
        #expect(Faults()[.errors] == 0)
    }

    @Test(arguments: [
        ("", "'' is no fault"), ("errors", "'errors' is no fault"), ("errors=20,", "'' is no fault"),
        ("error=20", "'error' is no fault; there are seed, delay, errors"), ("errors=-1", "errors is a chance"),
        ("errors=1001", "0 to 1000"), ("errors=x", "not 'x'"), ("delay=5", "delay is a time such as 5ms"),
        ("delay=-5ms", "not '-5ms'"), ("seed=-1", "seed is a number"),
    ])
    func whatCannotBeIsNamed(text: String, part: String) {
        #expect {
            try Faults(parsing: text)
        } throws: { error in
            (error as? DevBrokerError)?.description.contains(part) == true
        }
    }
}
