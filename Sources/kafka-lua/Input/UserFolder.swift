/// Where a user's files are, as the XDG base directory specification says.
enum UserFolder {
    /// `$XDG_CONFIG_HOME/kafka-lua`, or below `~/.config`.
    static func configuration(_ environment: (String) -> String?) -> String? {
        // Relative paths are to be ignored.
        if let folder = environment("XDG_CONFIG_HOME"), folder.hasPrefix("/") { return "\(folder)/kafka-lua" }
        return environment("HOME").map { "\($0)/.config/kafka-lua" }
    }
}
