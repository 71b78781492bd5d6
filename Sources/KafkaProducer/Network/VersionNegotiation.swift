import KafkaWire
import NIOCore

/// What follows from an answer to ApiVersions, the first of each connection (KIP-35, KIP-511). Pure.
enum VersionNegotiation: Equatable {
    case agreed(NegotiatedVersions, throttleTimeMs: Int32)
    /// The broker does not know the version of the question.
    case askAgain(version: Int16)
    case refused(ErrorCode)

    /// - Throws: `WireError` if the answer cannot be read.
    static func outcome(of answer: ByteBuffer, version: Int16) throws(WireError) -> VersionNegotiation {
        // The code leads the body in each version; what comes after it may be that of another.
        if answer.getInteger(at: answer.readerIndex, as: Int16.self) == ErrorCode.unsupportedVersion.rawValue {
            return fallback(from: version, answer).map { .askAgain(version: $0) } ?? .refused(.unsupportedVersion)
        }
        let response = try ApiVersionsResponse.decode(answer: answer, version: version)
        guard response.errorCode == .none else { return .refused(response.errorCode) }
        return .agreed(NegotiatedVersions(response), throttleTimeMs: response.throttleTimeMs)
    }

    /// The highest version that the broker names, in the layout of version 0. Some peers send a body that says nothing:
    /// then those that all speak, 2 and at last 0.
    private static func fallback(from refused: Int16, _ answer: ByteBuffer) -> Int16? {
        let body = try? ApiVersionsResponse.decode(answer: answer, version: 0)
        let named = body?.apiKeys.first { $0.apiKey == APIKey.apiVersions.rawValue }?.maxVersion
        if let named, (0..<refused).contains(named) { return named }
        return [2, 0].first { $0 < refused }
    }
}
