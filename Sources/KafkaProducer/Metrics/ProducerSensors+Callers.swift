import NIOCore

// What callers tell, on their threads.
extension ProducerSensors {
    /// A record failed before it reached a batch.
    func refused(at now: NIODeadline) {
        record(at: now) { state, recording in state.client.errors.record(1, &recording) }
    }

    /// A call of `send` waited for memory.
    func waitedForMemory(since start: NIODeadline, at now: NIODeadline) {
        record(at: now) { state, recording in state.client.memoryWait.record(since: start, &recording) }
    }

    /// A call of `send` waited for memory in vain.
    func exhaustedMemory(at now: NIODeadline) {
        record(at: now) { state, recording in state.client.memoryExhaustion.record(1, &recording) }
    }

    /// A call waited for a topic's metadata.
    func waitedForMetadata(since start: NIODeadline, at now: NIODeadline) {
        record(at: now) { state, recording in state.client.metadataWait.record(since: start, &recording) }
    }

    /// A call of `flush` has ended.
    func flushed(since start: NIODeadline, at now: NIODeadline) {
        record(at: now) { state, recording in state.client.flushTime.record(since: start, &recording) }
    }
}

extension Sensor {
    fileprivate mutating func record(since start: NIODeadline, _ recording: inout Recording) {
        record(Double((recording.now - start).nanoseconds), &recording)
    }
}
