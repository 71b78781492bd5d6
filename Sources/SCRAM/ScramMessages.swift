import KafkaWire

/// The client's first message: who wants to log in.
package struct ScramClientFirst: Equatable, Sendable {
    /// As prepared by ``SASLprep``, not escaped.
    package var username: String
    package var nonce: String
    /// `tokenauth=true` and the like (KIP-48). Names and values hold no comma.
    package var extensions: [String: String] = [:]

    package init(username: String, nonce: String) {
        self.username = username
        self.nonce = nonce
    }

    /// No channel binding, no other name to act for.
    package static let gs2Header = "n,,"

    /// The message without its header: the first part of what both sides sign.
    package var bare: String {
        let extras = extensions.sorted { $0.key < $1.key }.map { ",\($0.key)=\($0.value)" }.joined()
        return "n=\(Self.escape(username)),r=\(nonce)\(extras)"
    }

    package var text: String { Self.gs2Header + bare }

    package init(parsing text: String) throws(ScramError) {
        let parts = text.utf8.split(separator: UInt8(ascii: ","), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw ScramError("does not begin with a GS2 header") }
        guard ["n", "y"].contains(String(Substring(parts[0]))) else {
            throw ScramError("wants channel binding, which there is not")
        }
        var attributes = try ScramAttributes(Substring(parts[2]))
        let name = try attributes.next("n")
        guard parts[1].isEmpty || Array(parts[1]) == Array("a=\(name)".utf8) else {
            throw ScramError("wants to act for somebody else")
        }
        username = try Self.unescape(name)
        nonce = try attributes.next("r")
        guard !nonce.isEmpty else { throw ScramError("has an empty nonce") }
        extensions = Dictionary(attributes.extensions.map { ($0.name, $0.value) }) { $1 }
    }

    private static func escape(_ name: String) -> String {
        name.unicodeScalars.map { scalar in
            switch scalar {
            case "=": "=3D"
            case ",": "=2C"
            default: String(scalar)
            }
        }.joined()
    }

    private static func unescape(_ name: String) throws(ScramError) -> String {
        var parts = name.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)[...]
        var text = parts.popFirst().map { String(Substring($0)) } ?? ""
        for part in parts {
            switch String(Substring(part.prefix(2))) {
            case "2C": text += ","
            case "3D": text += "="
            default: throw ScramError("has a = in its name that is not escaped")
            }
            text += String(Substring(part.dropFirst(2)))
        }
        guard !text.isEmpty else { throw ScramError("has an empty name") }
        return text
    }
}

/// The server's first message: what the password is to be mixed with.
package struct ScramServerFirst: Equatable, Sendable {
    /// The client's nonce, and the server's behind it.
    package var nonce: String
    package var salt: [UInt8]
    package var iterations: Int

    package init(nonce: String, salt: [UInt8], iterations: Int) {
        self.nonce = nonce
        self.salt = salt
        self.iterations = iterations
    }

    package var text: String { "r=\(nonce),s=\(Base64.encode(salt)),i=\(iterations)" }

    package init(parsing text: String) throws(ScramError) {
        var attributes = try ScramAttributes(text[...])
        nonce = try attributes.next("r")
        salt = try attributes.nextBytes("s")
        guard !salt.isEmpty else { throw ScramError("has an empty salt") }
        let digits = try attributes.next("i")
        guard digits.utf8.allSatisfy({ 0x30 <= $0 && $0 <= 0x39 }), let iterations = Int(digits), iterations > 0 else {
            throw ScramError("has an i= that is not a number of iterations")
        }
        self.iterations = iterations
    }
}

/// The client's last message: the proof.
package struct ScramClientFinal: Equatable, Sendable {
    package var channelBinding = Array(ScramClientFirst.gs2Header.utf8)
    package var nonce: String
    package var proof: [UInt8] = []

    package init(nonce: String) { self.nonce = nonce }

    /// The last part of what both sides sign.
    package var withoutProof: String { "c=\(Base64.encode(channelBinding)),r=\(nonce)" }

    package var text: String { "\(withoutProof),p=\(Base64.encode(proof))" }

    package init(parsing text: String) throws(ScramError) {
        var attributes = try ScramAttributes(text[...])
        channelBinding = try attributes.nextBytes("c")
        nonce = try attributes.next("r")
        proof = try attributes.nextBytes("p")
    }
}

/// The server's last message.
package enum ScramServerFinal: Equatable, Sendable {
    case signature([UInt8])
    /// Why the client is refused, in the words of RFC 5802: `invalid-proof`.
    case refused(String)

    package var text: String {
        switch self {
        case .signature(let bytes): "v=\(Base64.encode(bytes))"
        case .refused(let reason): "e=\(reason)"
        }
    }

    package init(parsing text: String) throws(ScramError) {
        var attributes = try ScramAttributes(text[...])
        self = try attributes.has("e") ? .refused(attributes.next("e")) : .signature(attributes.nextBytes("v"))
    }
}

/// What both sides sign.
package func scramAuthMessage(
    _ first: ScramClientFirst, _ answer: ScramServerFirst, answerText: String? = nil, _ final: ScramClientFinal
) -> String {
    "\(first.bare),\(answerText ?? answer.text),\(final.withoutProof)"
}
