import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import KafkaProducer

@Suite struct LatchTests {
    @Test func whoComesBeforeAndAfterIsLetThroughOnce() {
        let latch = Latch()
        let count = Atomic(0)
        latch.whenOpen { count.add(1, ordering: .relaxed) }
        latch.whenOpen { count.add(1, ordering: .relaxed) }
        #expect(count.load(ordering: .relaxed) == 0)
        #expect(!latch.isOpen)
        latch.open()
        latch.open()
        latch.whenOpen { count.add(1, ordering: .relaxed) }
        #expect(count.load(ordering: .relaxed) == 3)
        #expect(latch.isOpen)
    }

    @Test func waitingEndsAtTheDeadline() throws {
        let latch = Latch()
        #expect(try !latch.wait(until: .now()))
        latch.open()
        #expect(try latch.wait(until: .now()))
    }

    @Test func waitingEndsWhenAnotherThreadOpens() async throws {
        let latch = Latch()
        async let opened = NIOThreadPool.singleton.runIfActive { try latch.wait() }
        latch.open()
        #expect(try await opened)
        await latch.opened()
    }

    @Test func anEventLoopMustNotWait() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let outcome = try await loop.submit { Result { () throws(KafkaError) in try Latch().wait() } }.get()
        #expect(throws: KafkaError.self) { try outcome.get() }
    }

    @Test func eitherIsEnough() async {
        let (never, latch) = (Latch(), Latch())
        latch.open()
        await Latch.either(never, latch)
        await Latch.either(latch, never)
        #expect(!never.isOpen)
    }
}
