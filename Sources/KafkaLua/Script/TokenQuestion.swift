import KafkaProducer
import LuaRuntime
import NIOCore

/// A login that waits for what a script's function returns: `{token = "…", lifetime_ms = …, principal = "…",
/// extensions = {…}}`.
struct TokenQuestion: Sendable {
    private let function: LuaFunction
    private let promise: EventLoopPromise<OAuthBearerToken>

    init(_ function: LuaFunction, _ promise: EventLoopPromise<OAuthBearerToken>) {
        self.function = function
        self.promise = promise
    }

    static let ended = KafkaError(.authentication, "the script that gives tokens (oauth) has ended")

    func answer(_ result: Result<OAuthBearerToken, KafkaError>) {
        promise.completeWith(result.mapError { $0 })
    }

    /// Asks the script, on its thread.
    /// - Throws: `LuaError` of kind `interrupted`; the login has its answer even so.
    func answer(in state: LuaState) throws(LuaError) {
        do throws(LuaError) {
            let value = try state.call(function) { _ in
            } results: { (frame) throws(LuaError) in
                frame.count > 0 ? try frame.value(frame[1]) : .nil
            }
            answer(Result { () throws(KafkaError) in try Self.token(value) })
        } catch {
            answer(.failure(KafkaError(.authentication, "oauth, the script's function, failed: \(error.message)")))
            if error.kind == .interrupted { throw error }
        }
    }

    private static func token(_ value: LuaValue) throws(KafkaError) -> OAuthBearerToken {
        guard case .table = value else { throw wrong("a table with the field token is expected") }
        guard let text = value["token"]?.text else { throw wrong("the field token must be a string") }
        var token = OAuthBearerToken(Secret(text))
        switch value["lifetime_ms"] {
        case nil: break
        case .integer(let milliseconds)?: token.lifetime = .milliseconds(milliseconds)
        case .number(let milliseconds)? where abs(milliseconds) < 1e15: token.lifetime = .milliseconds(milliseconds)
        case _?: throw wrong("the field lifetime_ms must be a number")
        }
        if let principal = value["principal"] {
            guard let text = principal.text else { throw wrong("the field principal must be a string") }
            token.principal = text
        }
        if let extensions = value["extensions"] {
            guard case .table(let table) = extensions else { throw wrong("the field extensions must be a table") }
            for pair in table.pairs {
                guard let name = pair.key.text, let value = pair.value.text else {
                    throw wrong("the field extensions must have strings for names and values")
                }
                token.extensions[name] = value
            }
        }
        return token
    }

    private static func wrong(_ reason: String) -> KafkaError {
        KafkaError(.authentication, "oauth, the script's function, did not return a token: \(reason)")
    }
}

extension OAuthBearerTokenProvider {
    /// Has the script's thread call a function, where it waits or sends.
    static func calling(_ function: LuaFunction, by mailbox: Mailbox) -> OAuthBearerTokenProvider {
        OAuthBearerTokenProvider(asking: { eventLoop in
            let promise = eventLoop.makePromise(of: OAuthBearerToken.self)
            mailbox.ask(TokenQuestion(function, promise))
            return promise.futureResult
        })
    }
}
