import KafkaWire
import Testing

extension TestConnection {
    /// Produces to one partition; by the topic's id where the version has it.
    func produce(
        _ batch: TestBatch, to topic: String, id: KafkaUUID = .zero, partition: Int32 = 0, acks: Int16 = -1,
        version: Int16 = 9, in transactionalId: String? = nil
    ) throws -> ProduceResponse.PartitionProduceResponse {
        let bytes = try batch.bytes
        var request = produceRequest(count: bytes.count, topic, id: id, partition: partition, acks: acks)
        request.transactionalId = transactionalId
        let response = try ask(request, version: version, gaps: [bytes])
        return try #require(response.responses.first?.partitionResponses.first)
    }

    func produceRequest(
        count: Int?, _ topic: String, id: KafkaUUID = .zero, partition: Int32 = 0, acks: Int16 = -1
    ) -> ProduceRequest {
        ProduceRequest {
            $0.acks = acks
            $0.timeoutMs = 1000
            $0.topicData = [
                ProduceRequest.TopicProduceData {
                    $0.name = topic
                    $0.topicId = id
                    $0.partitionData = [
                        ProduceRequest.PartitionProduceData {
                            $0.index = partition
                            $0.records = count.map { RecordsReference(count: $0) }
                        }
                    ]
                }
            ]
        }
    }

    func fetchRequest(
        _ topic: String, id: KafkaUUID = .zero, from offset: Int64, maxWaitMs: Int32 = 0, minBytes: Int32 = 1,
        maxBytes: Int32 = 1 << 20
    ) -> FetchRequest {
        FetchRequest {
            $0.maxWaitMs = maxWaitMs
            $0.minBytes = minBytes
            $0.topics = [
                FetchRequest.FetchTopic {
                    $0.topic = topic
                    $0.topicId = id
                    $0.partitions = [
                        FetchRequest.FetchPartition {
                            $0.fetchOffset = offset
                            $0.partitionMaxBytes = maxBytes
                        }
                    ]
                }
            ]
        }
    }

    /// Reads the answer to a fetch of one partition, and its records.
    func fetched(version: Int16) throws -> (data: FetchResponse.PartitionData, records: [Record]) {
        let (_, response, body) = try answer(to: FetchRequest.self, version: version)
        let data = try #require(response.responses.first?.partitions.first)
        var records: [Record] = []
        if let place = data.records {
            var decompressor = Decompressor()
            let bytes = Array(body[place.offset..<place.offset + place.count])
            var batches = RecordBatches(bytes.span.bytes)
            while let batch = try batches.next() {
                try batch.validateChecksum()
                if batch.attributes.isControl { continue }
                records += try batch.records(using: &decompressor)
            }
        }
        return (data, records)
    }

    func fetch(
        _ topic: String, id: KafkaUUID = .zero, from offset: Int64, maxBytes: Int32 = 1 << 20, version: Int16 = 12,
        isolation: Int8 = 0
    ) throws -> (data: FetchResponse.PartitionData, records: [Record]) {
        var request = fetchRequest(topic, id: id, from: offset, maxBytes: maxBytes)
        request.isolationLevel = isolation
        try send(frame(request, version: version))
        return try fetched(version: version)
    }
}
