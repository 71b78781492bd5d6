import KafkaProducer
import LuaRuntime

// The way of most records that scripts send: `send(topic, key, value)` with strings, and nothing in between.
extension ScriptProducer {
    /// Appends the record to its batch where neither plugin nor callback nor wait is in its way; nil, and nothing done,
    /// where any is, or where an argument is not what it should be.
    @inline(__always)
    func sendDirectly(_ arguments: borrowing LuaFrame, in environment: ScriptEnvironment) -> DeliveryFuture? {
        guard takesStrings, arguments.count == 3, !plugins.touchRecords, environment.isQuiet,
            let name = arguments.bytesIfString(arguments[1]), let value = arguments.bytesIfString(arguments[3]),
            let topic = latestTopic, topic.isNamed(name)
        else { return nil }
        let key = arguments.bytesIfString(arguments[2])
        if key == nil, !arguments.isNil(arguments[2]) { return nil }
        return core.appendDirectly(
            RecordBytes(key: key, value: value, timestamp: WallClock.milliseconds), to: topic, partition: nil,
            callback: nil)
    }
}
