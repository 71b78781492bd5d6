import KafkaWire

/// A produce request that a scripted broker has got, to be answered by the test.
struct ProduceArrival: Sendable {
    /// One partition's batch.
    struct Batch: Sendable, Equatable {
        var topic: String
        var partition: Int32
        var producerId: Int64
        var producerEpoch: Int16
        var baseSequence: Int32
        /// The records' values as text; "null" where there is none.
        var values: [String]
    }

    typealias Answer = ProduceResponse.PartitionProduceResponse

    let node: Int32
    let connection: Int
    let version: Int16
    let acks: Int16
    let transactionalId: String?
    /// In the order in which the request has them.
    let batches: [Batch]
    private let request: ProduceRequest
    private let exchange: Exchange

    init(_ body: [UInt8], _ exchange: Exchange, node: Int32, connection: Int) throws {
        self.node = node
        self.connection = connection
        self.exchange = exchange
        version = exchange.version
        request = try ProduceRequest.decode(body.span.bytes, version: version)
        acks = request.acks
        transactionalId = request.transactionalId
        var decompressor = Decompressor()
        var batches: [Batch] = []
        for topic in request.topicData {
            for data in topic.partitionData {
                guard let records = data.records else { continue }
                let bytes = body[records.offset..<records.offset + records.count]
                let batch = try RecordBatch(bytes.span.bytes)
                try batch.validate(using: &decompressor)
                batches.append(
                    Batch(
                        topic: topic.name, partition: data.index, producerId: batch.producerId,
                        producerEpoch: batch.producerEpoch, baseSequence: batch.baseSequence,
                        values: try batch.records(using: &decompressor).map { record in
                            record.value.map { String(decoding: $0, as: UTF8.self) } ?? "null"
                        }))
            }
        }
        self.batches = batches
    }

    /// The values of the only batch.
    var values: [String] { batches.count == 1 ? batches[0].values : [] }

    /// Answers that each batch is stored from offset 0 on, but for what `edit` changes.
    /// - Parameters:
    ///   - throttle: milliseconds.
    ///   - endpoints: where the leaders are that the answers name.
    func answer(
        throttle: Int32 = 0, endpoints: [NodeEndpoint] = [], _ edit: (inout Answer) -> Void = { _ in }
    ) {
        exchange.reply(
            ProduceResponse {
                $0.throttleTimeMs = throttle
                $0.nodeEndpoints = endpoints
                $0.responses = request.topicData.map { topic in
                    ProduceResponse.TopicProduceResponse {
                        $0.name = topic.name
                        $0.topicId = topic.topicId
                        $0.partitionResponses = topic.partitionData.map { data in
                            var answer = Answer { $0.index = data.index }
                            edit(&answer)
                            return answer
                        }
                    }
                }
            })
    }

    /// Answers that every batch is refused.
    func refuse(_ code: ErrorCode) {
        answer {
            $0.errorCode = code
            $0.baseOffset = -1
        }
    }

    /// Closes the connection without an answer.
    func disconnect() { exchange.close() }
}
