import KafkaWire
import Logging
import NIOCore

extension RequestHandler {
    /// Answers the requests by which a client shows who it is.
    func logIn(
        _ request: IncomingRequest, from client: inout Authentication, at now: Int64
    ) throws(ConnectionFault) -> Reply {
        try request.checkVersion()
        return try request.api == .saslHandshake
            ? handshake(request, from: &client) : authenticate(request, from: &client, at: now)
    }

    private func handshake(
        _ request: IncomingRequest, from client: inout Authentication
    ) throws(ConnectionFault) -> Reply {
        let body = try request.decode(SaslHandshakeRequest.self)
        let (code, mechanisms) = client.handshake(body.mechanism, version: request.version)
        let answer = SaslHandshakeResponse {
            $0.errorCode = code
            $0.mechanisms = mechanisms
        }
        let response = try encode(answer, to: request)
        return code == .unsupportedSaslMechanism ? .last(response) : .response(response)
    }

    private func authenticate(
        _ request: IncomingRequest, from client: inout Authentication, at now: Int64
    ) throws(ConnectionFault) -> Reply {
        let body = try request.decode(SaslAuthenticateRequest.self)
        let answer = client.authenticate(body.authBytes, at: now)
        let response = try encode(
            SaslAuthenticateResponse {
                $0.errorCode = answer.code
                $0.errorMessage = answer.message
                $0.authBytes = answer.bytes
                $0.sessionLifetimeMs = answer.sessionLifetimeMs
            }, to: request)
        if answer.isLast { configuration.logger.info("a client could not log in") }
        return answer.isLast ? .last(response) : .response(response)
    }

    /// A token as it came before there was a request for it, which version 0 of the handshake asks for.
    func evaluate(
        bareToken: ByteBuffer, from client: inout Authentication, at now: Int64
    ) throws(ConnectionFault) -> Reply {
        let answer = client.authenticate(Array(bareToken.readableBytesView), at: now)
        guard answer.code == .none else { throw ConnectionFault("it could not log in") }
        return .response(Response(bare: answer.bytes))
    }
}
