import KafkaWire
import NIOCore

extension VirtualCluster {
    struct Request {
        let api: APIKey
        let version: Int16
        let body: WireWriter
        var bytes: [UInt8] = []
        var expectsAnswer = true
        /// The age of the transactional id when it was sent.
        var age = 0
        /// Whether the client has given its connection up.
        var isOrphan = false

        init(api: APIKey, version: Int16, body: WireWriter) {
            self.api = api
            self.version = version
            self.body = body
        }

        /// Puts the records into the gaps that were left for them.
        mutating func fill(_ payloads: [ByteBuffer]) {
            var position = 0
            for (gap, payload) in zip(body.gaps, payloads) {
                bytes += body.bytes[position..<gap.offset]
                payload.withUnsafeReadableBytes { bytes += $0 }
                position = gap.offset
            }
            bytes += body.bytes[position...]
        }
    }

    enum Reply {
        case answer(ByteBuffer)
        case nothing
        case close
    }
}
