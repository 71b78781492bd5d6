import ArgumentParser

/// `kafka-lua man`.
struct ManCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man",
        abstract: "Print the manual page.",
        discussion: """
            Examples:
              kafka-lua man > kafka-lua.1
              kafka-lua man | man -l -
            """)

    func run() throws { Descriptor.write(ManualPage.text, to: Descriptor.output) }
}
