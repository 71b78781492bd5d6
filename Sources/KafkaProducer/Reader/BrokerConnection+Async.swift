import KafkaWire
import NIOCore

extension BrokerConnection {
    /// Sends a request in the highest version in common, and suspends until its answer is decoded. The body comes with
    /// it, since record batches stay there.
    nonisolated func answer<Call: Request>(
        to request: Call, atMost version: Int16 = .max, timeout: Duration, on eventLoop: any EventLoop
    ) async throws(KafkaError) -> (Call.Response, ByteBuffer) {
        do {
            return try await eventLoop.flatSubmit { [self] in
                let promise = eventLoop.makePromise(of: (Call.Response, ByteBuffer).self)
                do {
                    let version = try versions.version(of: Call.api, atMost: version, broker: address)
                    let body = try request.encode(version: version)
                    send(
                        Call.api, version: version, body: body, payloads: [], expectsAnswer: true, timeout: timeout,
                        written: nil
                    ) { result in
                        promise.completeWith(
                            Result {
                                (try Call.Response.decode(answer: result.get(), version: version), try result.get())
                            })
                    }
                } catch {
                    promise.fail(error)
                }
                return promise.futureResult
            }.get()
        } catch {
            throw error as? KafkaError ?? KafkaError(.malformed, "broker \(address), \(Call.api): \(error)")
        }
    }
}
