import NIOCore
import OrderedCollections

// What the sender and its connections tell, on the event loop.
extension ProducerSensors {
    /// A produce request goes out; a batch that is repeated counts each time.
    func sent(_ batches: [Batch], at now: NIODeadline) {
        let largest = largestRecord.read(at: now)
        record(at: now) { state, recording in
            var records = 0
            for batch in batches {
                let count = Int(batch.recordCount)
                records += count
                state.client.record(batch, &recording)
                state.topics.values[index(of: batch, &state)].record(batch, &recording)
            }
            state.client.recordsPerRequest.record(Double(records), &recording)
            if largest > 0 { state.client.largestRecord.record(Double(largest), &recording) }
        }
    }

    /// Where the sensors of a batch's topic are; they are made for its first batch.
    private func index(of batch: Batch, _ state: inout State) -> Int {
        let name = batch.queue.topic.name
        if let index = state.topics.index(forKey: name) { return index }
        state.topics[name] = TopicSensors(reportingTo: backend, tags: tags(topic: name))
        return state.topics.count - 1
    }

    /// A broker's answer to a produce request says how long to leave it alone.
    func throttled(milliseconds: Int32, at now: NIODeadline) {
        record(at: now) { state, recording in state.client.throttleTime.record(Double(milliseconds), &recording) }
    }

    /// A batch is to be sent again.
    func retried(_ batch: Batch, at now: NIODeadline) {
        record(at: now) { state, recording in
            let (records, topic) = (Double(batch.recordCount), index(of: batch, &state))
            state.client.retries.record(records, &recording)
            state.topics.values[topic].retries.record(records, &recording)
        }
    }

    /// A batch has failed for good.
    func failed(_ batch: Batch, at now: NIODeadline) {
        record(at: now) { state, recording in
            let (records, topic) = (Double(batch.recordCount), index(of: batch, &state))
            state.client.errors.record(records, &recording)
            state.topics.values[topic].errors.record(records, &recording)
        }
    }

    /// A batch was too large for a broker and has become several.
    func split(at now: NIODeadline) {
        record(at: now) { state, recording in state.client.batchSplits.record(1, &recording) }
    }

    func updatedMetadata(at now: NIODeadline) {
        record(at: now) { state, _ in state.metadataUpdate = now }
    }

    // MARK: - Connections

    func connected(to node: Int32, at now: NIODeadline) {
        record(at: now) { state, recording in
            state.connectionCount += 1
            state.client.connectionCreation.record(1, &recording)
            if state.nodes[node] == nil {
                state.nodes[node] = NodeSensors(reportingTo: backend, tags: tags(node: node))
            }
        }
    }

    func disconnected(at now: NIODeadline) {
        record(at: now) { state, recording in
            state.connectionCount -= 1
            state.client.connectionClose.record(1, &recording)
        }
    }

    func requested(_ size: Int, of node: Int32, expectsAnswer: Bool, at now: NIODeadline) {
        record(at: now) { state, recording in
            if expectsAnswer { state.requestsInFlight += 1 }
            state.client.outgoing.record(Double(size), &recording)
            state.client.networkIO.record(Double(size), &recording)
            guard let index = state.nodes.index(forKey: node) else { return }
            state.nodes.values[index].outgoing.record(Double(size), &recording)
        }
    }

    /// - Parameters:
    ///   - size: of the answer; nil if there will be none.
    ///   - produceLatency: since the request; nil if it was for something else than Produce.
    func answered(_ size: Int?, by node: Int32, produceLatency: TimeAmount?, at now: NIODeadline) {
        record(at: now) { state, recording in
            state.requestsInFlight -= 1
            guard let size else { return }
            state.client.incoming.record(Double(size), &recording)
            state.client.networkIO.record(Double(size), &recording)
            let index = state.nodes.index(forKey: node)
            if let index { state.nodes.values[index].incoming.record(Double(size), &recording) }
            guard let milliseconds = produceLatency?.milliseconds else { return }
            state.client.requestLatency.record(milliseconds, &recording)
            if let index { state.nodes.values[index].requestLatency.record(milliseconds, &recording) }
        }
    }
}

extension ClientSensors {
    fileprivate mutating func record(_ batch: Batch, _ recording: inout Recording) {
        batchSize.record(Double(batch.wireSize), &recording)
        compressionRate.record(batch.compressionRate, &recording)
        queueTime.record((recording.now - batch.createdAt).milliseconds, &recording)
        recordSize.record(Double(batch.recordsSize), events: Int(batch.recordCount), &recording)
    }
}

extension TopicSensors {
    fileprivate mutating func record(_ batch: Batch, _ recording: inout Recording) {
        records.record(Double(batch.recordCount), &recording)
        bytes.record(Double(batch.wireSize), &recording)
        compressionRate.record(batch.compressionRate, &recording)
    }
}

extension TimeAmount {
    fileprivate var milliseconds: Double { Double(nanoseconds) / 1e6 }
}
