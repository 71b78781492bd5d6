import ArgumentParser

/// The manual page of the program, from what the argument parser knows of it.
enum ManualPage {
    /// Fits between man's margins on a terminal of 80 columns.
    private static let columns = 72

    static var text: String {
        let root = KafkaLuaCommand.configuration
        var page = ".TH KAFKA\\-LUA 1\n.SH NAME\nkafka\\-lua \\- \(escaped(root.abstract))\n"
        page += section("SYNOPSIS AND OPTIONS", KafkaLuaCommand.helpMessage(columns: columns))
        for command in root.subcommands {
            let name = "kafka-lua \(command.configuration.commandName ?? "")"
            page += section(name.uppercased(), KafkaLuaCommand.helpMessage(for: command, columns: columns))
        }
        return page
    }

    /// A heading, and text that keeps its lines.
    private static func section(_ title: String, _ text: String) -> String {
        ".SH \"\(escaped(title))\"\n.nf\n\(escaped(text))\n.fi\n"
    }

    /// Text of which troff takes nothing for a request.
    static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : String(line)
        }.joined(separator: "\n")
    }
}
