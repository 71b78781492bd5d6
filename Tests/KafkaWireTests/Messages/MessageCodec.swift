import KafkaWire

/// Reads the bodies of one message of `wire.jsonl`, whatever its type, and says how to write them.
struct MessageCodec: Sendable {
    let isFlexible: @Sendable (_ version: Int16) -> Bool
    let decode: @Sendable (_ body: [UInt8], _ version: Int16) throws(WireError) -> any WireStruct

    func encode(_ value: any WireStruct, version: Int16) throws(WireError) -> WireWriter {
        if let message = value as? any Message { return try message.encode(version: version) }
        return try value.encode(version: version, isFlexible: isFlexible(version))
    }

    private init<Body: Message>(_ message: Body.Type) {
        isFlexible = { Body.api.isFlexible($0) }
        decode = { (body, version) throws(WireError) in try Body.decode(body.span.bytes, version: version) }
    }

    /// A header goes before a body, so it is read as a prefix.
    private init<Header: WireStruct>(header: Header.Type, flexibleFrom: Int16) {
        isFlexible = { $0 >= flexibleFrom }
        decode = { (body, version) throws(WireError) in
            let (value, count) = try Header.decode(
                prefixOf: body.span.bytes, version: version, isFlexible: version >= flexibleFrom)
            if count < body.count { throw WireError(.trailingBytes(body.count - count), at: count) }
            return value
        }
    }

    static let all: [String: MessageCodec] = [
        "RequestHeader": MessageCodec(header: RequestHeader.self, flexibleFrom: 2),
        "ResponseHeader": MessageCodec(header: ResponseHeader.self, flexibleFrom: 1),
        "AddOffsetsToTxnRequest": MessageCodec(AddOffsetsToTxnRequest.self),
        "AddOffsetsToTxnResponse": MessageCodec(AddOffsetsToTxnResponse.self),
        "AddPartitionsToTxnRequest": MessageCodec(AddPartitionsToTxnRequest.self),
        "AddPartitionsToTxnResponse": MessageCodec(AddPartitionsToTxnResponse.self),
        "ApiVersionsRequest": MessageCodec(ApiVersionsRequest.self),
        "ApiVersionsResponse": MessageCodec(ApiVersionsResponse.self),
        "CreateTopicsRequest": MessageCodec(CreateTopicsRequest.self),
        "CreateTopicsResponse": MessageCodec(CreateTopicsResponse.self),
        "EndTxnRequest": MessageCodec(EndTxnRequest.self),
        "EndTxnResponse": MessageCodec(EndTxnResponse.self),
        "FetchRequest": MessageCodec(FetchRequest.self),
        "FetchResponse": MessageCodec(FetchResponse.self),
        "FindCoordinatorRequest": MessageCodec(FindCoordinatorRequest.self),
        "FindCoordinatorResponse": MessageCodec(FindCoordinatorResponse.self),
        "InitProducerIdRequest": MessageCodec(InitProducerIdRequest.self),
        "InitProducerIdResponse": MessageCodec(InitProducerIdResponse.self),
        "ListOffsetsRequest": MessageCodec(ListOffsetsRequest.self),
        "ListOffsetsResponse": MessageCodec(ListOffsetsResponse.self),
        "MetadataRequest": MessageCodec(MetadataRequest.self),
        "MetadataResponse": MessageCodec(MetadataResponse.self),
        "ProduceRequest": MessageCodec(ProduceRequest.self),
        "ProduceResponse": MessageCodec(ProduceResponse.self),
        "SaslAuthenticateRequest": MessageCodec(SaslAuthenticateRequest.self),
        "SaslAuthenticateResponse": MessageCodec(SaslAuthenticateResponse.self),
        "SaslHandshakeRequest": MessageCodec(SaslHandshakeRequest.self),
        "SaslHandshakeResponse": MessageCodec(SaslHandshakeResponse.self),
        "TxnOffsetCommitRequest": MessageCodec(TxnOffsetCommitRequest.self),
        "TxnOffsetCommitResponse": MessageCodec(TxnOffsetCommitResponse.self),
    ]
}
