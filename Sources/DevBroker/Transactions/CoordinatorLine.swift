/// A line of the file that keeps transactions and the offsets of groups.
enum CoordinatorLine: TextLine, Equatable {
    /// What became of a transactional id.
    case transaction(id: String, Transaction)
    /// A position of a group, in a producer's transaction if one is named.
    case offset(GroupOffsets.Place, GroupOffsets.Position, producerId: Int64?)
    /// The positions in a producer's transaction are valid, or forgotten.
    case end(producerId: Int64, TransactionMarker.Outcome)

    init?(_ line: Substring) {
        let words = line.split(separator: " ")
        switch (words.first, words.count) {
        case ("transaction", 13):
            guard let id = String(word: words[1]), let transaction = Transaction(words.dropFirst(2).map { $0 }) else {
                return nil
            }
            self = .transaction(id: id, transaction)
        case ("offset", 8):
            guard let group = String(word: words[1]), let topic = String(word: words[2]), let index = Int32(words[3]),
                let offset = Int64(words[4]), let epoch = Int32(words[5]), let metadata = String(word: words[6]),
                let producerId = Int64(words[7])
            else { return nil }
            let place = GroupOffsets.Place(group: group, partition: TopicPartition(topic: topic, index: index))
            let position = GroupOffsets.Position(offset: offset, leaderEpoch: epoch, metadata: metadata)
            self = .offset(place, position, producerId: producerId < 0 ? nil : producerId)
        case ("end", 3):
            guard let producerId = Int64(words[1]),
                let outcome = Int16(words[2]).flatMap(TransactionMarker.Outcome.init(rawValue:))
            else { return nil }
            self = .end(producerId: producerId, outcome)
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .transaction(let id, let transaction):
            return (["transaction", id.word] + transaction.words).joined(separator: " ")
        case .offset(let place, let position, let producerId):
            let words = [
                "offset", place.group.word, place.partition.topic.word, "\(place.partition.index)",
                "\(position.offset)",
                "\(position.leaderEpoch)", position.metadata.word, "\(producerId ?? -1)",
            ]
            return words.joined(separator: " ")
        case .end(let producerId, let outcome): return "end \(producerId) \(outcome.rawValue)"
        }
    }
}

extension Transaction {
    fileprivate init?(_ words: [Substring]) {
        guard let producerId = Int64(words[0]), let epoch = Int16(words[1]), let lastEpoch = Int16(words[2]),
            let previous = Int64(words[3]), let next = Int64(words[4]), let timeout = Int32(words[5]),
            let state = State(rawValue: String(words[6])), let startedAt = Int64(words[7]), let flag = Int(words[8])
        else { return nil }
        self.init(producerId: producerId)
        producer.epoch = epoch
        (self.lastEpoch, previousProducerId, nextProducerId) = (lastEpoch, previous, next)
        (timeoutMs, self.state, self.startedAt, endedWithNewEpoch) = (timeout, state, startedAt, flag == 1)
        for name in words[9].split(separator: ",") where name != "-" {
            guard let group = String(word: name) else { return nil }
            groups.insert(group)
        }
        for name in words[10].split(separator: ",") where name != "-" {
            let parts = name.split(separator: ":")
            guard parts.count == 2, let topic = String(word: parts[0]), let index = Int32(parts[1]) else { return nil }
            partitions.insert(TopicPartition(topic: topic, index: index))
        }
    }

    fileprivate var words: [String] {
        [
            "\(producer.id)", "\(producer.epoch)", "\(lastEpoch)", "\(previousProducerId)", "\(nextProducerId)",
            "\(timeoutMs)", state.rawValue, "\(startedAt)", endedWithNewEpoch ? "1" : "0",
            Self.list(groups.sorted().map(\.word)),
            Self.list(partitions.sorted().map { "\($0.topic.word):\($0.index)" }),
        ]
    }

    private static func list(_ words: [String]) -> String { words.isEmpty ? "-" : words.joined(separator: ",") }
}

extension String {
    /// The text without spaces and punctuation: bytes that are no letters or digits are written as `%` and two digits.
    fileprivate var word: String {
        isEmpty ? "%" : utf8.reduce(into: "") { $0 += Self.escaped($1) }
    }

    private static func escaped(_ byte: UInt8) -> String {
        let character = Character(Unicode.Scalar(byte))
        if character.isASCII, character.isLetter || character.isNumber { return String(character) }
        return (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
    }

    fileprivate init?(word: Substring) {
        var bytes: [UInt8] = []
        var rest = (word == "%" ? "" : word).utf8
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
            } else if let escaped = UInt8(Substring(rest.prefix(2)), radix: 16), rest.count >= 2 {
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                return nil
            }
        }
        self.init(validating: bytes, as: UTF8.self)
    }
}
