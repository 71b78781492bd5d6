import ArgumentParser

/// The plugins of the commands that send.
struct PluginOptions: ParsableArguments {
    @Option(
        help: .init(
            "A Lua file that chooses the partitions, or the name of a partitioner that is built in.",
            valueName: "file"),
        completion: .file(extensions: ["lua"]))
    var partitioner: String?

    @Option(
        name: .customLong("interceptor"),
        help: .init("A Lua file that sees and may change each record; may be repeated.", valueName: "file"),
        completion: .file(extensions: ["lua"]))
    var interceptors: [String] = []

    /// Sets the keys that name the plugins.
    func add(to configuration: inout ClientConfiguration) throws(Failure) {
        if let partitioner {
            // A name without a folder or an ending stands for one that is built in, unless there is such a file.
            let isFile = !partitioner.contains("/") && SourceFile.exists(partitioner)
            configuration.set("partitioner.class", isFile ? "./\(partitioner)" : partitioner)
        }
        guard !interceptors.isEmpty else { return }
        if let path = interceptors.first(where: { $0.contains(",") }) {
            throw Failure.usage("--interceptor \(path): the name of the file has a comma", hint: "repeat --interceptor")
        }
        configuration.set("interceptor.classes", interceptors.joined(separator: ","))
    }
}
