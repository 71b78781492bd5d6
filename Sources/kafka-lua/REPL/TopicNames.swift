import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The names of the topics, for completion: asked for in the background, so that a broker that does not answer keeps
/// nobody waiting.
final class TopicNames: Sendable {
    private struct State {
        var names: [String] = []
        var isAsking = false
    }

    private let state = Mutex(State())
    private let engine: any Engine

    /// How long a key press may wait for an answer, in milliseconds. What comes later is there for the next one.
    private static let patience: CInt = 400

    init(engine: any Engine) { self.engine = engine }

    /// The names now, or those that were known before.
    func names(_ configuration: ClientConfiguration) -> [String] {
        let answered = WakePipe()
        let mayAsk = state.withLock { state in
            defer { state.isAsking = true }
            return !state.isAsking
        }
        if mayAsk {
            Task { [engine] in
                let names = try? await engine.topicNames(configuration)
                self.state.withLock { state in
                    if let names { state.names = names }
                    state.isAsking = false
                }
                answered.wake()
            }
            _ = Descriptor.wait(
                for: [pollfd(fd: answered.readEnd, events: Int16(POLLIN), revents: 0)], milliseconds: Self.patience)
        }
        return state.withLock { $0.names }
    }
}
