import Synchronization

/// A generator of random numbers that callers on several threads share.
final class Chance: Sendable {
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    init(_ generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        self.generator = Mutex(generator)
    }

    /// A number from 0 to `count` − 1, each as likely as the others.
    func number(below count: Int) -> Int {
        generator.withLock { Int.random(in: 0..<count, using: &$0) }
    }
}
