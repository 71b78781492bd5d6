/// Turns the bytes of a terminal into keys.
///
/// Bytes may be cut anywhere: what is incomplete is kept until ``feed(_:)`` brings the rest, or ``flush()`` says that
/// nothing more came within the time a terminal needs for a sequence. Bytes that are not UTF-8 become U+FFFD.
struct KeyDecoder {
    /// A paste is cut after this many bytes.
    static let pasteLimit = 4 << 20
    private static let sequenceLimit = 64
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private var pending: [UInt8] = []
    private var paste: [UInt8]?

    /// Whether a key was begun that time alone can end: a lone Escape, or a sequence that was cut off.
    var isIncomplete: Bool { !pending.isEmpty && paste == nil }

    /// Decodes bytes that were read.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys = Keys()
        for byte in bytes {
            if paste != nil {
                continuePaste(byte, into: &keys)
            } else {
                pending.append(byte)
                decodePending(into: &keys, isFinal: false)
            }
        }
        return keys.finished()
    }

    /// Decodes what is left as it stands, since no more bytes came.
    mutating func flush() -> [Key] {
        guard isIncomplete else { return [] }
        var keys = Keys()
        decodePending(into: &keys, isFinal: true)
        pending.removeAll()
        return keys.finished()
    }

    private mutating func decodePending(into keys: inout Keys, isFinal: Bool) {
        while let first = pending.first {
            let length: Int?
            switch first {
            case 0x1B: length = decodeEscape(into: &keys, isFinal: isFinal)
            case 0x00..<0x20, 0x7F:
                keys.append(Self.control(first))
                length = 1
            default: length = decodeUTF8(into: &keys, isFinal: isFinal)
            }
            guard let length else { return }
            pending.removeFirst(length)
        }
    }

    /// The bytes taken, or nil when more are needed.
    private mutating func decodeUTF8(into keys: inout Keys, isFinal: Bool) -> Int? {
        let length =
            switch pending[0] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        let available = pending.prefix(length)
        let isBroken = available.dropFirst().contains { $0 & 0xC0 != 0x80 }
        if available.count < length, !isFinal, !isBroken { return nil }
        guard available.count == length, let text = String(validating: available, as: UTF8.self) else {
            keys.append(text: "\u{FFFD}")
            return 1
        }
        keys.append(text: text)
        return length
    }

    private mutating func decodeEscape(into keys: inout Keys, isFinal: Bool) -> Int? {
        guard pending.count > 1 else {
            if isFinal { keys.append(.escape) }
            return isFinal ? 1 : nil
        }
        switch pending[1] {
        case UInt8(ascii: "["), UInt8(ascii: "O"): return decodeSequence(into: &keys, isFinal: isFinal)
        case 0x1B:
            keys.append(.escape)
            return 1
        case 0x0D, 0x0A: keys.append(.metaEnter)
        case 0x7F, 0x08: keys.append(.metaBackspace)
        case 0x20..<0x7F: keys.append(.meta(Character(Unicode.Scalar(pending[1]))))
        default: keys.append(.unknown)
        }
        return 2
    }

    private mutating func decodeSequence(into keys: inout Keys, isFinal: Bool) -> Int? {
        let body = pending.dropFirst(2)
        guard let final = body.firstIndex(where: { !(0x20..<0x40).contains($0) }) else {
            guard isFinal || pending.count > Self.sequenceLimit else { return nil }
            keys.append(pending.count == 2 ? .meta(Character(Unicode.Scalar(pending[1]))) : .unknown)
            return pending.count
        }
        guard (0x40..<0x7F).contains(pending[final]) else {
            // A control byte cuts the sequence off and counts itself.
            keys.append(.unknown)
            return final
        }
        let parameters = String(decoding: pending[2..<final], as: UTF8.self)
        let finalCharacter = Character(Unicode.Scalar(pending[final]))
        if parameters == "200", finalCharacter == "~" {
            paste = []
        } else {
            keys.append(KeySequence.key(parameters: parameters, final: finalCharacter))
        }
        return final + 1
    }

    private mutating func continuePaste(_ byte: UInt8, into keys: inout Keys) {
        paste?.append(byte)
        guard let bytes = paste else { return }
        if byte == Self.pasteEnd.last, bytes.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) {
            keys.append(.paste(Self.pastedText(bytes.dropLast(Self.pasteEnd.count).prefix(Self.pasteLimit))))
            paste = nil
        } else if bytes.count > Self.pasteLimit + 4_096 {
            // Keeps the end mark recognisable while the rest of the paste is dropped.
            let excess = bytes.count - Self.pasteLimit - Self.pasteEnd.count
            paste?.removeSubrange(Self.pasteLimit..<Self.pasteLimit + excess)
        }
    }

    private static func pastedText(_ bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars {
            if scalar == "\r" || (scalar == "\n" && !afterReturn) {
                text.append("\n")
            } else if scalar != "\n" {
                text.append(scalar)
            }
            afterReturn = scalar == "\r"
        }
        return String(text)
    }

    private static func control(_ byte: UInt8) -> Key {
        switch byte {
        case 0x0D, 0x0A: .enter
        case 0x09: .tab
        case 0x7F, 0x08: .backspace
        default: .control(Character(Unicode.Scalar(byte | 0x40).properties.lowercaseMapping))
        }
    }
}

extension KeyDecoder {
    /// Keys being collected; characters that follow each other become one `text`.
    private struct Keys {
        private var keys: [Key] = []
        private var text = ""

        mutating func append(text more: String) { text += more }

        mutating func append(_ key: Key) {
            endText()
            keys.append(key)
        }

        mutating func finished() -> [Key] {
            endText()
            return keys
        }

        private mutating func endText() {
            guard !text.isEmpty else { return }
            keys.append(.text(text))
            text = ""
        }
    }
}
