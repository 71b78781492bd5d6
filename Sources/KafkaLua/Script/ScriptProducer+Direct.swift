import KafkaProducer
import LuaRuntime

// The way of most records that scripts send: `send(topic, key, value)` with strings, and nothing in between.
extension ScriptProducer {
    /// Sends the record where neither callback nor another plugin than a partitioner is in its way; nil, and nothing
    /// done, where any is, or where an argument is not what it should be.
    @inline(__always)
    func sendDirectly(
        _ arguments: borrowing LuaFrame, in environment: ScriptEnvironment
    ) throws -> DeliveryFuture? {
        guard takesStrings, arguments.count == 3, !plugins.touchRecords, environment.isQuiet,
            let name = arguments.bytesIfString(arguments[1]), let value = arguments.bytesIfString(arguments[3]),
            let topic = latestTopic, topic.isNamed(name)
        else { return nil }
        let key = arguments.bytesIfString(arguments[2])
        if key == nil, !arguments.isNil(arguments[2]) { return nil }
        let record = RecordBytes(key: key, value: value, timestamp: WallClock.milliseconds)
        return try dispatch(record, topic, nil, Headers(), nil, environment)
    }
}
