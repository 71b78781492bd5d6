import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which thread something runs on.
struct CurrentThread: Equatable, Sendable {
    private let identity = "\(pthread_self())"
    /// Whether it is the I/O thread of a producer.
    let isIO = MultiThreadedEventLoopGroup.currentEventLoop != nil
}
