import Testing

/// What the records of an exchange have, and how they are compressed.
struct Shape: Sendable, CustomTestStringConvertible {
    let compression: String
    let keyed: Bool
    let withHeaders: Bool

    /// Each compression, keyed and unkeyed, with and without headers.
    static let all = ["none", "gzip", "snappy", "lz4", "zstd"].flatMap { compression in
        [false, true].flatMap { keyed in
            [false, true].map { Shape(compression: compression, keyed: keyed, withHeaders: $0) }
        }
    }

    var testDescription: String {
        "\(compression), \(keyed ? "keyed" : "unkeyed"), \(withHeaders ? "with" : "without") headers"
    }

    /// Headers in kcat's form.
    var headers: [String] {
        withHeaders ? ["source=web", "language=日本語"] : []
    }

    /// Records of this shape, enough of them to be compressed to less.
    var lines: [Line] {
        (0..<200).map { number in
            Line(
                key: keyed ? "key-\(number % 7)" : nil, value: "value \(number) 你好, banana banana banana",
                headers: headers.joined(separator: ","))
        }
    }
}
