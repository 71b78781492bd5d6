package import NIOCore
import NIOPosix

/// Where tokens come from, for `sasl.mechanism=OAUTHBEARER`.
///
/// It is asked when a connection logs in and the token before has no more than a fifth of its lifetime left; for one
/// login at a time, and within the time that a login may take (`socket.connection.setup.timeout.ms`). What it throws is
/// an authentication failure.
public struct OAuthBearerTokenProvider: Sendable, Equatable {
    package typealias Ask = @Sendable (_ eventLoop: any EventLoop) -> EventLoopFuture<OAuthBearerToken>

    let ask: Ask
    private let identity = Identity()

    private final class Identity: Sendable {}

    /// Asks in its own way, and must not block.
    package init(asking ask: @escaping Ask) { self.ask = ask }

    /// - Parameter token: runs in a task of its own, on the threads that Swift's tasks share.
    public init(_ token: @escaping @Sendable () async throws -> OAuthBearerToken) {
        self.init(asking: { eventLoop in
            let promise = eventLoop.makePromise(of: OAuthBearerToken.self)
            promise.completeWithTask { try await token() }
            return promise.futureResult
        })
    }

    /// - Parameter token: runs on a thread of NIO's pool, and may block there.
    public init(blocking token: @escaping @Sendable () throws -> OAuthBearerToken) {
        self.init(asking: { eventLoop in
            NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { try token() }
        })
    }

    /// A token that does not change.
    static func fixed(_ token: OAuthBearerToken) -> OAuthBearerTokenProvider {
        OAuthBearerTokenProvider(asking: { $0.makeSucceededFuture(token) })
    }

    /// Two are the same if one is a copy of the other.
    public static func == (first: Self, second: Self) -> Bool { first.identity === second.identity }
}
