import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import KafkaProducer

/// The beginning of an encrypted connection, without a network and in virtual time.
@Suite struct TLSHandshakeTests {
    let channel = EmbeddedChannel()

    init() throws {
        var settings = TLSSettings()
        settings.truststoreLocation = try TLSFiles.shared().certificate("ca")
        try TLSClient(settings).secure(
            channel, to: BrokerAddress(host: "b1.example", port: 9093), within: .seconds(10))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 9093)).wait()
    }

    @Test("8.26 A handshake that is not answered ends")
    func aHandshakeThatIsNotAnsweredEnds() throws {
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(9999))
        try channel.throwIfErrorCaught()
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        try expect(
            "broker b1.example:9093: no TLS handshake within 10000 ms (socket.connection.setup.timeout.ms): "
                + "it may speak plaintext (security.protocol)")
    }

    @Test("8.26 A connection that ends during the handshake is tried again")
    func aConnectionThatEndsDuringTheHandshakeIsTriedAgain() throws {
        channel.pipeline.fireChannelInactive()
        try expect(
            "broker b1.example:9093: it closed the connection during the TLS handshake: it may speak plaintext "
                + "(security.protocol)")
    }

    @Test("8.26 A connection that is reset during the handshake is tried again")
    func aConnectionThatIsResetDuringTheHandshakeIsTriedAgain() throws {
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        try expect(
            "broker b1.example:9093: it closed the connection during the TLS handshake: it may speak plaintext "
                + "(security.protocol)")
    }

    @Test("8.20 Nothing is sent before the broker's certificate was looked at")
    func nothingIsSentBeforeTheCertificateWasLookedAt() throws {
        let hello = try #require(try channel.readOutbound(as: ByteBuffer.self))
        #expect(hello.getInteger(at: 0, as: UInt8.self) == 0x16)
        // The name that is asked for.
        #expect(String(decoding: hello.readableBytesView, as: Unicode.ASCII.self).contains("b1.example"))
        channel.writeAndFlush(ByteBuffer(string: "secret"), promise: nil)
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    private func expect(_ message: String, _ location: SourceLocation = #_sourceLocation) throws {
        let error = #expect(throws: KafkaError.self, sourceLocation: location) { try channel.throwIfErrorCaught() }
        #expect(error?.message == message, sourceLocation: location)
        #expect(error?.kind == .network && error?.isRetriable == true, sourceLocation: location)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
