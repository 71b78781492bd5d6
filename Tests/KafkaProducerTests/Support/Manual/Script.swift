import KafkaWire

extension ManualBroker {
    /// What a scripted cluster says of itself.
    struct Script: Sendable {
        /// Of each topic.
        var partitions: Int32 = 1
        /// The nodes that lead partitions, −1 for nobody; those that are not here are led by node 0.
        var leaders: [Int32: Int32] = [:]
        var leaderEpoch: Int32 = 1
        /// Of each topic; zero where brokers know none.
        var topicId = KafkaUUID.zero
        /// Nodes that metadata says nothing of.
        var hiddenNodes: Set<Int32> = []
        /// What metadata says of every topic.
        var topicError = ErrorCode.none
        /// Whether questions for metadata are answered.
        var answersMetadata = true
        /// What becomes of the next requests for a producer id, before any is given.
        var identityErrors: [ErrorCode] = []
        /// The id that is given next; each one is given once.
        var nextProducerId: Int64 = 7000
        var producerEpoch: Int16 = 0
        var produceVersions = APIKey.produce.versions
        /// The level of `transaction.version` that the cluster has agreed on, and how often it has agreed on features.
        var transactionVersion: Int16 = 0
        var featuresEpoch: Int64 = 1
        /// The highest version of ApiVersions that is not refused.
        var apiVersionsLimit = APIKey.apiVersions.versions.upperBound
        /// Whether a refused ApiVersions gets nothing but the code, which is no body of any version.
        var refusesWithCodeAlone = false

        /// - Parameter ports: where the nodes listen, by their ids.
        func describe(_ names: [String], ports: [Int]) -> MetadataResponse {
            MetadataResponse {
                $0.brokers = ports.enumerated().compactMap { index, port in
                    let node = Int32(index)
                    return hiddenNodes.contains(node)
                        ? nil
                        : MetadataResponse.Broker {
                            $0.nodeId = node
                            $0.host = "127.0.0.1"
                            $0.port = Int32(port)
                        }
                }
                $0.topics = describe(names)
            }
        }

        private func describe(_ names: [String]) -> [MetadataResponse.Topic] {
            names.map { name in
                MetadataResponse.Topic {
                    $0.errorCode = topicError
                    $0.name = name
                    $0.topicId = topicId
                    guard topicError == .none else { return }
                    $0.partitions = (0..<partitions).map { index in
                        MetadataResponse.Partition {
                            $0.partitionIndex = index
                            $0.leaderId = leaders[index] ?? 0
                            $0.leaderEpoch = leaderEpoch
                        }
                    }
                }
            }
        }

        var versions: [ApiVersionsResponse.SupportedVersions] {
            APIKey.allCases.map { api in
                let range = api == .produce ? produceVersions : api.versions
                return ApiVersionsResponse.SupportedVersions {
                    $0.apiKey = api.rawValue
                    $0.minVersion = range.lowerBound
                    $0.maxVersion = range.upperBound
                }
            }
        }

        mutating func identify() -> InitProducerIdResponse {
            InitProducerIdResponse {
                guard identityErrors.isEmpty else {
                    $0.errorCode = identityErrors.removeFirst()
                    return
                }
                $0.producerId = nextProducerId
                $0.producerEpoch = producerEpoch
                nextProducerId += 1
            }
        }
    }
}
