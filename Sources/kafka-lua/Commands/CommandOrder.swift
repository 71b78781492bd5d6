import ArgumentParser

/// Lets options stand before the command: `kafka-lua -b broker:9092 tail orders`.
enum CommandOrder {
    private static let names = Set(
        KafkaLuaCommand.configuration.subcommands.compactMap { $0.configuration.commandName })
    /// Options of `CommonOptions` that take a value of their own.
    private static let valued: Set<String> = ["-b", "--bootstrap-server", "-X", "--property", "-F", "--config"]

    /// The same arguments with the command's name first, where only common options stand before it.
    static func commandFirst(_ arguments: [String]) -> [String] {
        var index = 0
        while index < arguments.count, arguments[index].hasPrefix("-") {
            // What belongs to one command alone cannot stand before another.
            if arguments[index] == "-e" { return arguments }
            index += valued.contains(arguments[index]) ? 2 : 1
        }
        guard index > 0, index < arguments.count, names.contains(arguments[index]) else { return arguments }
        var ordered = arguments
        ordered.insert(ordered.remove(at: index), at: 0)
        return ordered
    }
}
