import Testing

@testable import kafka_lua

@Suite struct ConsoleTests {
    @Test func textIsWrittenAtOnceUnlessAPromptWaits() throws {
        let pipe = try PipePair()
        let console = Console(descriptor: pipe.writing)
        console.write("one ")
        console.beginPrompt()
        console.write("two\n")
        #expect(console.wakes.drain() == [WakePipe.wakeByte])
        #expect(console.takePending() == "two\n")
        #expect(console.takePending() == "")
        console.write("three")
        #expect(console.endPrompt() == "three")
        console.write("four\n")
        // The line that was begun is ended before the prompt.
        #expect(pipe.contents() == "one \nfour\n")
    }

    @Test func aFloodIsCutAndSaid() throws {
        let pipe = try PipePair()
        let console = Console(descriptor: pipe.writing)
        console.beginPrompt()
        let megabyte = String(repeating: "x", count: 1 << 20)
        console.write(megabyte)
        console.write("more\n")
        #expect(console.takePending() == megabyte + "\n… 5 bytes of output left out\n")
        #expect(console.takePending() == "")
    }

    @Test func anInterruptIsTakenOnce() throws {
        let console = Console(descriptor: try PipePair().writing)
        console.beginPrompt()
        console.interruptPrompt()
        #expect(console.takeInterrupt())
        #expect(!console.takeInterrupt())
    }
}
