import DequeModule
import NIOCore

/// How a connection logs in, and the requests that wait for that. On the connection's event loop only.
final class ConnectionLogin {
    let login: SASLLogin
    /// How long it may take, whatever happens.
    let timeout: Duration
    var state: AuthenticationState
    var exchange: (any SASLExchange)?
    var held: Deque<OutgoingRequest> = []
    private var limit: Scheduled<Void>?
    private var completion: ((Result<Void, KafkaError>) -> Void)?

    init(_ login: SASLLogin, to address: BrokerAddress, timeout: Duration) {
        self.login = login
        self.timeout = timeout
        state = AuthenticationState(broker: address, mechanism: login.mechanism, keys: login.keys)
    }

    func begin(limit: Scheduled<Void>, _ completion: @escaping (Result<Void, KafkaError>) -> Void) {
        self.limit = limit
        self.completion = completion
    }

    func finish() {
        end()?(.success(()))
    }

    /// The connection is gone.
    func abandon(_ error: KafkaError) {
        let lost = held
        held = []
        for request in lost { request.fail(error) }
        end()?(.failure(error))
    }

    private func end() -> ((Result<Void, KafkaError>) -> Void)? {
        limit?.cancel()
        limit = nil
        // What it holds is secret.
        exchange = nil
        return completion.take()
    }

    /// The error of a connection that went away in the middle of a login; nil if there is none under way.
    func lost(_ reason: String) -> KafkaError? { state.isUnderWay ? state.lost(reason) : nil }
}
