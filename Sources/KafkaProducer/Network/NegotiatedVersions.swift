package import KafkaWire

/// The versions of each request that both this client and a broker speak (KIP-35).
package struct NegotiatedVersions: Sendable, Equatable {
    private var highest: [APIKey: Int16] = [:]

    package init() {}

    package init(_ response: ApiVersionsResponse) {
        for range in response.apiKeys {
            guard let api = APIKey(rawValue: range.apiKey) else { continue }
            let lower = max(range.minVersion, api.versions.lowerBound)
            let upper = min(range.maxVersion, api.versions.upperBound)
            if lower <= upper { highest[api] = upper }
        }
    }

    /// The highest version in common.
    /// - Parameter limit: the highest that will do.
    /// - Throws: `KafkaError` of kind `unsupportedVersion`.
    func version(of api: APIKey, atMost limit: Int16 = .max, broker: BrokerAddress) throws(KafkaError) -> Int16 {
        guard let version = highest[api] else {
            throw KafkaError(
                .unsupportedVersion, "broker \(broker) speaks no version of \(api) that this client speaks",
                isFatal: api == .produce)
        }
        return min(version, limit)
    }

    /// The version of ApiVersions to ask for after `refused` was; nil when there is none left. Some peers answer a
    /// refusal with a body that says nothing, so only the code counts.
    static func fallback(from refused: Int16) -> Int16? {
        switch refused {
        case 3...: 2
        case 1...2: 0
        default: nil
        }
    }
}
