import KafkaWire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A plain blocking socket to a broker. What takes longer than ten seconds fails.
final class TestConnection {
    struct Failure: Error {
        var what: String
    }

    private let socket: CInt
    private var lastCorrelationId: Int32 = 0

    init(port: Int) throws {
        #if canImport(Glibc)
            socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #else
            socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        guard connected == 0 else { throw Failure(what: "cannot connect to port \(port)") }
    }

    deinit { _ = close(socket) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure(what: "cannot send") }
            rest = rest.dropFirst(count)
        }
    }

    /// Says that nothing more will be sent.
    func finishSending() { _ = shutdown(socket, CInt(SHUT_WR)) }

    /// The next bytes; fewer than `count` only when the connection is at its end.
    func receive(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let missing = count - bytes.count
            var got = 0
            bytes += [UInt8](unsafeUninitializedCapacity: missing) { buffer, initialized in
                got = read(socket, buffer.baseAddress, missing)
                initialized = max(got, 0)
            }
            // A broker that closes with unread bytes before it resets the connection.
            if got == 0 || (got < 0 && errno == ECONNRESET) { break }
            guard got > 0 else { throw Failure(what: "nothing came") }
        }
        return bytes
    }

    /// Whether the broker closes the connection without another word.
    func isClosed() throws -> Bool { try receive(1).isEmpty }

    /// A request as it goes over the wire, its size included.
    func frame<Body: Request>(_ request: Body, version: Int16, gaps: [[UInt8]] = []) throws -> [UInt8] {
        lastCorrelationId += 1
        let header = try RequestHeader {
            $0.requestApiKey = Body.api.rawValue
            $0.requestApiVersion = version
            $0.correlationId = lastCorrelationId
            $0.clientId = "test"
        }.encode()
        let body = try request.encode(version: version)
        var bytes = header.bytes
        var position = 0
        for (gap, records) in zip(body.gaps, gaps) {
            bytes += body.bytes[position..<gap.offset] + records
            position = gap.offset
        }
        bytes += body.bytes[position...]
        return big(Int32(bytes.count)) + bytes
    }

    /// Sends a request and reads the answer.
    func ask<Body: Request>(_ request: Body, version: Int16, gaps: [[UInt8]] = []) throws -> Body.Response {
        try send(frame(request, version: version, gaps: gaps))
        return try answer(to: Body.self, version: version).response
    }

    /// Reads the next answer, and its body's bytes.
    func answer<Body: Request>(
        to type: Body.Type, version: Int16, bodyVersion: Int16? = nil
    ) throws -> (correlationId: Int32, response: Body.Response, body: [UInt8]) {
        let size = try receive(4)
        guard size.count == 4 else { throw Failure(what: "the connection was closed") }
        let bytes = try receive(size.reduce(0) { $0 << 8 | Int($1) })
        let (header, count) = try ResponseHeader.decode(
            prefixOf: bytes.span.bytes, to: Body.api, apiVersion: version)
        let body = Array(bytes[count...])
        let response = try Body.Response.decode(body.span.bytes, version: bodyVersion ?? version)
        return (header.correlationId, response, body)
    }
}
