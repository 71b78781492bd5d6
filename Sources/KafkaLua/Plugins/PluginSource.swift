import KafkaProducer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a plugin's text comes from: a file, or text that is at hand.
public struct PluginSource: Sendable, Hashable {
    /// The file's path, or what errors call the text.
    public let name: String
    private let text: [UInt8]?

    /// Whether the text comes from a file, which may change.
    public var isFile: Bool { text == nil }

    /// Reads the file when the plugin is loaded, and again at each swap.
    public init(path: String) {
        name = path
        text = nil
    }

    public init(text: String, name: String) {
        self.name = name
        self.text = Array(text.utf8)
    }

    /// The source with the text that its file has now.
    /// - Throws: as ``load()``.
    func read() throws(KafkaError) -> PluginText { PluginText(source: self, bytes: try load()) }

    /// Whether a partitioner is named by its file rather than by the name of one that is built in.
    static func looksLikeFile(_ name: String) -> Bool { name.hasSuffix(".lua") || name.contains("/") }

    /// No plugin comes near this size.
    private static let maximumSize = 16 << 20

    /// - Throws: `KafkaError` of kind `illegalArgument` that names the file.
    func load() throws(KafkaError) -> [UInt8] {
        if let text { return text }
        guard let file = fopen(name, "rb") else { throw failure("\(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { break }
            bytes += block[..<count]
            if bytes.count > Self.maximumSize { throw failure("larger than \(Self.maximumSize) bytes") }
        }
        if ferror(file) != 0 { throw failure("\(String(cString: strerror(errno)))") }
        return bytes
    }

    private func failure(_ reason: String) -> KafkaError {
        KafkaError(.illegalArgument, "cannot read \(name): \(reason)")
    }
}

/// A plugin's text as it was when it was read.
struct PluginText: Sendable, Equatable {
    var source: PluginSource
    var bytes: [UInt8]
}
