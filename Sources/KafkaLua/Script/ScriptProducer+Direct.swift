import KafkaProducer
import LuaRuntime

// The way of most records that scripts send: `send(topic, key, value)` or `send{ topic =, key =, value = }` with strings,
// and nothing in between.
extension ScriptProducer: LuaStringReceiver {
    /// Sends the record where neither callback nor serializer is in its way.
    /// - Throws: `LuaError` of kind `interrupted`.
    func call(_ call: inout LuaStringCall<BatchResult>) throws -> Bool {
        guard takesStrings, !plugins.serializes, mailbox.isQuiet, !timers.mayBeDue, let name = call.first,
            !name.isEmpty, let value = call.third
        else { return false }
        guard !plugins.intercepts else {
            var record = InterceptedRecord(LuaRecord(topic: name, key: call.second, value: value))
            do {
                finish(try send(&record, nil, environment), &call)
            } catch let error as KafkaError {
                call.results.appendFailure(error, environment)
            }
            return true
        }
        let record = RecordBytes(key: call.second, value: value, timestamp: WallClock.milliseconds)
        var progress = ProducerCore.Progress()
        guard let future = core.appendDirectly(&progress, record, toTopicNamed: name) else {
            try finish(&progress, record, to: topic(name), &call.results)
            return true
        }
        finish(future, &call)
        return true
    }

    @inline(__always)
    private func finish(_ future: DeliveryFuture, _ call: inout LuaStringCall<BatchResult>) {
        if future.isDone, let error = future.outcome.1 {
            call.results.appendFailure(error, environment)
        } else {
            let part = Int64(future.index) << 1
            withExtendedLifetime(future) { call.finish(part: part, of: .passUnretained(future.batch)) }
        }
    }

    /// The same where there is no room, or no partition to send to, or an error.
    private func finish(
        _ progress: inout ProducerCore.Progress, _ record: RecordBytes, to topic: Topic, _ results: inout LuaWriter
    ) throws {
        do {
            let future = try finish(&progress, record, topic, nil, Headers(), nil, environment)
            results.append(future, isShown: false, environment)
        } catch let error as KafkaError {
            results.appendFailure(error, environment)
        }
    }
}
