package import KafkaWire

/// The versions of each request that both this client and a broker speak (KIP-35).
package struct NegotiatedVersions: Sendable, Equatable {
    private var highest: [APIKey: Int16] = [:]
    /// Counts the agreements on features; −1 where the broker says nothing of them (KIP-584).
    private(set) var featuresEpoch: Int64 = -1
    /// The level of `transaction.version` that brokers have agreed on (KIP-890).
    private(set) var transactionVersion: Int16 = 0

    package init() {}

    package init(_ response: ApiVersionsResponse) {
        featuresEpoch = response.finalizedFeaturesEpoch
        transactionVersion =
            response.finalizedFeatures.first { $0.name == "transaction.version" }?.maxVersionLevel ?? 0
        for range in response.apiKeys {
            guard let api = APIKey(rawValue: range.apiKey) else { continue }
            let lower = max(range.minVersion, api.versions.lowerBound)
            let upper = min(range.maxVersion, api.versions.upperBound)
            if lower <= upper { highest[api] = upper }
        }
    }

    /// Whether both sides speak that version of a request, or a higher one.
    func speaks(_ api: APIKey, from version: Int16) -> Bool { highest[api].map { $0 >= version } ?? false }

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
}
