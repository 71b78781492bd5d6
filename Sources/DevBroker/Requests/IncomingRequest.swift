import KafkaWire
import NIOCore

/// A request whose header has been read.
struct IncomingRequest: Sendable {
    let header: RequestHeader
    let api: APIKey
    private let body: ByteBuffer

    var version: Int16 { header.requestApiVersion }

    /// - Parameter frame: The request without the size that precedes it.
    /// - Throws: `ConnectionFault` if it is no request that this broker knows.
    init(_ frame: ByteBuffer) throws(ConnectionFault) {
        let count: Int
        do {
            (header, count) = try RequestHeader.decode(prefixOf: frame.readableBytesSpan)
        } catch {
            throw ConnectionFault("a request's header cannot be read: \(error)")
        }
        guard let api = APIKey(rawValue: header.requestApiKey), RequestHandler.supported.contains(api) else {
            throw ConnectionFault("request \(header.requestApiKey) is not spoken here")
        }
        self.api = api
        var body = frame
        body.moveReaderIndex(forwardBy: count)
        self.body = body
    }

    /// Looks whether the request is of a version that is spoken here.
    func checkVersion() throws(ConnectionFault) {
        guard api.versions.contains(version) else {
            throw ConnectionFault("version \(version) of \(api) is not spoken here")
        }
    }

    /// Reads the body. Bytes left over are passed over, as Kafka does: librdkafka 2.16 sends some behind Metadata 13.
    func decode<Body: Request>(_ type: Body.Type) throws(ConnectionFault) -> Body {
        do throws(WireError) {
            let isFlexible = api.isFlexible(version)
            return try Body.decode(prefixOf: body.readableBytesSpan, version: version, isFlexible: isFlexible).value
        } catch {
            throw ConnectionFault("\(api) version \(version) cannot be read: \(error)")
        }
    }

    /// The records that a decoded body refers to; nil if there are none.
    func records(_ reference: RecordsReference?) -> ByteBuffer? {
        guard let reference else { return nil }
        return body.getSlice(at: body.readerIndex + reference.offset, length: reference.count)
    }
}

/// Why a connection is closed.
struct ConnectionFault: Error, Equatable, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
