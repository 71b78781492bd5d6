import Testing

@testable import kafka_lua

@Suite struct CommandOrderTests {
    @Test(arguments: [
        (["-b", "h:1", "tail", "orders"], ["tail", "-b", "h:1", "orders"]),
        (["-X", "acks=1", "--no-color", "run", "a.lua", "-b"], ["run", "-X", "acks=1", "--no-color", "a.lua", "-b"]),
        (["tail", "-b", "h:1", "send"], ["tail", "-b", "h:1", "send"]),
        (["-b", "tail"], ["-b", "tail"]),
        (["-e", "send", "run"], ["-e", "send", "run"]),
        ([], []),
    ])
    func theCommandMayFollowCommonOptions(arguments: [String], ordered: [String]) {
        #expect(CommandOrder.commandFirst(arguments) == ordered)
    }
}
