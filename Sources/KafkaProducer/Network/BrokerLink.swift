package import KafkaWire
package import NIOCore

/// A connection to one broker, whose versions are known. Lives on one event loop.
package protocol BrokerLink: AnyObject, Sendable {
    /// Gets the body of the answer, or why there is none.
    typealias Completion = (Result<ByteBuffer, KafkaError>) -> Void

    var address: BrokerAddress { get }
    var versions: NegotiatedVersions { get }
    /// Requests that wait for an answer.
    var inFlightCount: Int { get }
    /// Called once, before what is in flight is told: nobody is to send over a connection that is gone.
    var onClose: ((KafkaError) -> Void)? { get set }

    /// Sends a request whose gaps `payloads` fill, without copying them.
    /// - Parameters:
    ///   - expectsAnswer: false for Produce with `acks=0`; `completion` is then called when the bytes are written.
    ///   - written: called when nothing refers to the payloads any more, even if the connection failed.
    ///   - completion: called once.
    func send(
        _ api: APIKey, version: Int16, body: WireWriter, payloads: [ByteBuffer], expectsAnswer: Bool,
        timeout: Duration, written: (() -> Void)?, completion: @escaping Completion
    )

    /// Closes the connection; whatever is in flight fails with `error`.
    func close(_ error: KafkaError)
}

extension BrokerLink {
    /// Sends a request and decodes its answer.
    func call<Call: Request>(
        _ request: Call, version: Int16, timeout: Duration,
        completion: @escaping (Result<Call.Response, KafkaError>) -> Void
    ) {
        let body: WireWriter
        do {
            body = try request.encode(version: version)
        } catch {
            return completion(.failure(KafkaError(.illegalArgument, "\(Call.api): \(error)")))
        }
        send(
            Call.api, version: version, body: body, payloads: [], expectsAnswer: true, timeout: timeout, written: nil
        ) { [self] result in
            completion(
                result.flatMap { bytes in
                    do throws(WireError) {
                        return .success(try Call.Response.decode(answer: bytes, version: version))
                    } catch {
                        // A refused ApiVersions may have the body of another version: the code leads it in each.
                        if Call.api == .apiVersions, let code = bytes.getInteger(at: bytes.readerIndex, as: Int16.self),
                            code == ErrorCode.unsupportedVersion.rawValue,
                            let refusal = refusedVersions as? Call.Response
                        {
                            return .success(refusal)
                        }
                        let failure = KafkaError(.malformed, "broker \(address), answer to \(Call.api): \(error)")
                        close(failure)
                        return .failure(failure)
                    }
                })
        }
    }
}

private let refusedVersions = ApiVersionsResponse { $0.errorCode = .unsupportedVersion }

extension Message {
    /// Reads an answer. Bytes left over are passed over, as Kafka's clients do: librdkafka 2.16's mock brokers send one
    /// behind each flexible Metadata response.
    static func decode(answer bytes: ByteBuffer, version: Int16) throws(WireError) -> Self {
        let isFlexible = Self.api.isFlexible(version)
        return try bytes.withUnsafeReadableBytes { buffer throws(WireError) in
            try Self.decode(prefixOf: RawSpan(_unsafeBytes: buffer), version: version, isFlexible: isFlexible).value
        }
    }
}
