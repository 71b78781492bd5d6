import NIOCore
import Synchronization

/// The token of a client's connections: kept until most of its lifetime is over, and asked for once by those who want
/// it at the same time.
final class OAuthBearerTokens: Sendable {
    private struct State {
        var current: (token: OAuthBearerToken, renewal: NIODeadline)?
        var question: EventLoopFuture<OAuthBearerToken>?
    }

    private let provider: OAuthBearerTokenProvider
    private let now: @Sendable () -> NIODeadline
    private let state = Mutex(State())

    init(_ provider: OAuthBearerTokenProvider, now: @escaping @Sendable () -> NIODeadline = { .now() }) {
        self.provider = provider
        self.now = now
    }

    /// A token that is good for at least a fifth of its lifetime. The window is that of Java's
    /// `sasl.login.refresh.window.factor`; sessions end later than it (KIP-368), so that the next one has a new token.
    func token(on eventLoop: any EventLoop) -> EventLoopFuture<OAuthBearerToken> {
        let promise = eventLoop.makePromise(of: OAuthBearerToken.self)
        let asked = now()
        let known = state.withLock { state -> EventLoopFuture<OAuthBearerToken>? in
            if let current = state.current, asked < current.renewal {
                return eventLoop.makeSucceededFuture(current.token)
            }
            defer { state.question = state.question ?? promise.futureResult }
            return state.question
        }
        if let known {
            // A promise has to be kept.
            promise.completeWith(known)
            return promise.futureResult
        }
        provider.ask(eventLoop).whenComplete { [self] result in
            state.withLock { state in
                state.question = nil
                guard case .success(let token) = result, let lifetime = token.lifetime else { return }
                state.current = (token, asked + .nanoseconds(TimeAmount(lifetime).nanoseconds / 5 * 4))
            }
            promise.completeWith(result)
        }
        return promise.futureResult
    }
}
