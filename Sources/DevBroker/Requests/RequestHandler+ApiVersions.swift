import KafkaWire

extension RequestHandler {
    /// Says what is spoken here. A version that is not known is refused in the layout of version 0 (KIP-511).
    /// - Returns: The answer, and the code in it.
    func apiVersions(_ request: IncomingRequest) throws(ConnectionFault) -> (Response, ErrorCode) {
        do {
            guard request.api.versions.contains(request.version) else {
                let refusal = ApiVersionsResponse {
                    $0.errorCode = .unsupportedVersion
                    $0.apiKeys = [Self.entry(.apiVersions)]
                }
                return (try Response(refusal, to: request, version: 0), refusal.errorCode)
            }
            let body = try request.decode(ApiVersionsRequest.self)
            let namesAreValid =
                request.version < 3
                || [body.clientSoftwareName, body.clientSoftwareVersion]
                    .allSatisfy(Self.isSoftwareName)
            let response = ApiVersionsResponse {
                $0.errorCode = namesAreValid ? .none : .invalidRequest
                $0.apiKeys = namesAreValid ? Self.entries : []
                $0.supportedFeatures = [Self.supportedTransactionVersion]
                $0.finalizedFeaturesEpoch = 1
                $0.finalizedFeatures = finalizedFeatures
            }
            return (try Response(response, to: request), response.errorCode)
        } catch let fault as ConnectionFault {
            throw fault
        } catch {
            throw ConnectionFault("the answer to apiVersions cannot be written: \(error)")
        }
    }

    private static let transactionVersion = "transaction.version"

    private static let supportedTransactionVersion = ApiVersionsResponse.SupportedFeature {
        $0.name = transactionVersion
        $0.maxVersion = 2
    }

    /// Level 0 of a feature is its absence.
    private var finalizedFeatures: [ApiVersionsResponse.FinalizedFeature] {
        guard configuration.transactionVersion > 0 else { return [] }
        return [
            ApiVersionsResponse.FinalizedFeature {
                $0.name = Self.transactionVersion
                $0.maxVersionLevel = configuration.transactionVersion
                $0.minVersionLevel = configuration.transactionVersion
            }
        ]
    }

    private static let entries = supported.sorted { $0.rawValue < $1.rawValue }.map(entry)

    private static func entry(_ api: APIKey) -> ApiVersionsResponse.SupportedVersions {
        ApiVersionsResponse.SupportedVersions {
            $0.apiKey = api.rawValue
            // As Kafka 4 does: librdkafka compresses only for brokers that claim to know versions of old (KAFKA-18659).
            $0.minVersion = api == .produce ? 0 : api.versions.lowerBound
            $0.maxVersion = api.versions.upperBound
        }
    }

    /// Letters, digits, '-' and '.', the first and last of them letters or digits (KIP-511).
    private static func isSoftwareName(_ text: String) -> Bool {
        func isAlphanumeric(_ character: Character) -> Bool {
            character.isASCII && (character.isLetter || character.isNumber)
        }
        guard let first = text.first, let last = text.last, isAlphanumeric(first), isAlphanumeric(last) else {
            return false
        }
        return text.allSatisfy { isAlphanumeric($0) || $0 == "-" || $0 == "." }
    }
}
