import KafkaWire

/// A request that waits for its answer. It may be answered on any thread.
struct Exchange: Sendable {
    let api: APIKey
    let version: Int16
    /// Takes the answer's body.
    let answer: @Sendable ([UInt8]) -> Void
    /// Closes the connection without an answer.
    let close: @Sendable () -> Void

    /// Answers. What cannot be written closes the connection.
    func reply(_ message: some Message) {
        guard let body = try? message.encode(version: version) else { return close() }
        answer(body.bytes)
    }
}
