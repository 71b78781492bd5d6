import KafkaProducer

/// Completes the keys of `kafka.producer{ ["linger.ms"] = 5 }`, and their values where there are a few.
enum ConfigurationCompletion {
    static func completion(of text: String, cursor: Int) -> Completion {
        let before = Array(text.prefix(cursor))
        guard let start = startOfString(before) else { return .none }
        let typed = String(before[start...])
        let context = before[..<(start - 1)]
        guard String(context).contains("producer") else { return .none }
        let candidates = candidates(after: context).filter { $0.hasPrefix(typed) }
        return candidates.isEmpty || candidates == [typed]
            ? .none : Completion(replacing: start..<cursor, candidates: candidates)
    }

    private static func candidates(after context: ArraySlice<Character>) -> [String] {
        var rest = context.trimmedAtEnd()
        if rest.last == "[" { return ConfigurationKey.all.map(\.name) }
        guard rest.last == "=" else { return [] }
        rest = rest.dropLast().trimmedAtEnd()
        return ConfigurationKey.all.first { $0.name == key(at: rest) }?.choices ?? []
    }

    /// The key that ends there: `["compression.type"]`, or a word.
    private static func key(at text: ArraySlice<Character>) -> String {
        guard text.last == "]" else {
            return String(String(text.reversed().prefix { $0.isLetter || $0 == "_" }).reversed())
        }
        let quoted = text.dropLast().trimmedAtEnd()
        guard let quote = quoted.last, quote == "\"" || quote == "'" else { return "" }
        return String(quoted.dropLast().reversed().prefix { $0 != quote }.reversed())
    }

    /// Where the text of a string begins that is not closed; nil outside of strings.
    private static func startOfString(_ text: [Character]) -> Int? {
        var start: Int?
        var quote: Character?
        var isEscaped = false
        for (index, character) in text.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if quote != nil, character == "\\" {
                isEscaped = true
            } else if character == quote || quote != nil && character.isNewline {
                (quote, start) = (nil, nil)
            } else if quote == nil, character == "\"" || character == "'" {
                (quote, start) = (character, index + 1)
            }
        }
        return start
    }
}

extension ArraySlice<Character> {
    fileprivate func trimmedAtEnd() -> Self { dropLast(reversed().prefix(while: \.isWhitespace).count) }
}
