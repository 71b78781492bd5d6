import KafkaWire
import NIOCore
import NIOPosix

// Carries out what `AuthenticationState` decides.
extension BrokerConnection {
    /// Logs in, or finds that no login is needed.
    /// - Parameter completion: called once; after a failure the connection is closed.
    func logIn(within timeout: Duration, completion: @escaping (Result<Void, KafkaError>) -> Void) {
        guard let login, let eventLoop else {
            sendHeld()
            return completion(.success(()))
        }
        let limit = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) { [weak self] in
            guard let self else { return }
            close(login.state.lost("the login did not end within \(timeout.milliseconds) ms"))
        }
        login.begin(limit: limit, completion)
        perform(login.state.begin(), login)
    }

    /// Whether a request waits for a login; begins one if it is time for it. Requests that are in flight are answered
    /// before it, since a broker answers in order.
    func holdsBack(_ request: OutgoingRequest, for login: ConnectionLogin, at now: NIODeadline) -> Bool {
        if request.api == .saslHandshake || request.api == .saslAuthenticate { return false }
        if login.state.mustRenew(at: now) {
            login.held.append(request)
            logIn(within: min(login.timeout, Duration(request.deadline - now))) { _ in }
            return true
        }
        // The first request of a connection comes before its login.
        guard login.state.isUnderWay else { return false }
        login.held.append(request)
        return true
    }

    private func perform(_ action: AuthenticationState.Action, _ login: ConnectionLogin) {
        switch action {
        case .handshake:
            let request = SaslHandshakeRequest { $0.mechanism = login.login.mechanism.rawValue }
            ask(request, from: 1, login) { (response) throws(KafkaError) in try login.state.shook(response) }
        case .begin: makeExchange(login)
        case .evaluate(let challenge):
            converse(login) { (exchange) throws(SASLFailure) in try exchange.respond(to: challenge) }
        case .authenticate(let message):
            let request = SaslAuthenticateRequest { $0.authBytes = message }
            ask(request, from: 0, login) { (response) throws(KafkaError) in
                guard let exchange = login.exchange else { throw login.state.lost("its answer comes too late") }
                return try login.state.heard(response, exchange)
            }
        case .finished:
            sendHeld()
            login.finish()
        }
    }

    private func ask<Call: Request>(
        _ request: Call, from lowest: Int16, _ login: ConnectionLogin,
        then next: @escaping (Call.Response) throws(KafkaError) -> AuthenticationState.Action
    ) {
        guard versions.speaks(Call.api, from: lowest),
            let version = try? versions.version(of: Call.api, broker: address)
        else { return close(login.state.unsupported(Call.api)) }
        // The login's own limit comes first.
        call(request, version: version, timeout: login.timeout + .seconds(1)) { [self] result in
            // Without an answer the connection is closed, and the login told of it.
            guard case .success(let response) = result, isOpen else { return }
            do throws(KafkaError) {
                perform(try next(response), login)
            } catch {
                close(error)
            }
        }
    }

    private func makeExchange(_ login: ConnectionLogin) {
        guard let eventLoop else { return }
        login.login.exchange(eventLoop).assumeIsolated().whenComplete { [self] result in
            guard isOpen else { return }
            switch result {
            case .success(let exchange):
                login.exchange = exchange
                converse(login) { (exchange) throws(SASLFailure) in try exchange.begin() }
            case .failure(let error):
                let reason = Self.providerFailure(error)
                close(login.state.failed(SASLFailure(reason), nil))
            }
        }
    }

    private static func providerFailure(_ error: any Error) -> String {
        switch error {
        case let error as SASLFailure: error.text
        case let error as KafkaError: ConfigurationText.shown(error.message)
        default: "the token provider failed: \(ConfigurationText.shown("\(error)"))"
        }
    }

    private typealias Turn = @Sendable (inout any SASLExchange) throws(SASLFailure) -> [UInt8]?

    /// Lets the mechanism speak; elsewhere, if that takes its time.
    private func converse(_ login: ConnectionLogin, _ turn: @escaping Turn) {
        guard let exchange = login.exchange, let eventLoop else { return }
        let speak: @Sendable () -> (any SASLExchange, Result<[UInt8]?, SASLFailure>) = {
            var exchange = exchange
            let result = Result { () throws(SASLFailure) in try turn(&exchange) }
            return (exchange, result)
        }
        guard exchange.isCostly else {
            let (exchange, result) = speak()
            return spoke(login, exchange, result)
        }
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop, speak).assumeIsolated().whenSuccess {
            [self] exchange, result in
            if isOpen { spoke(login, exchange, result) }
        }
    }

    private func spoke(
        _ login: ConnectionLogin, _ exchange: any SASLExchange, _ result: Result<[UInt8]?, SASLFailure>
    ) {
        login.exchange = exchange
        switch result {
        case .success(let message):
            guard let now = eventLoop?.now else { return }
            perform(login.state.said(message, at: now, chance: .random(in: 0..<1)), login)
        case .failure(let failure): close(login.state.failed(failure, exchange))
        }
    }
}
