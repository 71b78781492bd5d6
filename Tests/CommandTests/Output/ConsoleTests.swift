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

    @Test func aLineThatWasBegunIsEndedOnce() throws {
        let pipe = try PipePair()
        let console = Console(descriptor: pipe.writing)
        console.write("partial")
        console.endLine()
        console.endLine()
        console.write("result\n")
        #expect(pipe.contents() == "partial\nresult\n")
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

    @Test func eachInterruptIsTakenOnce() throws {
        let console = Console(descriptor: try PipePair().writing)
        console.beginPrompt()
        console.interruptPrompt()
        console.interruptPrompt()
        #expect(console.wakes.drain().count == 2)
        #expect(console.takeInterrupt())
        // The second one wakes the prompt again.
        #expect(console.wakes.drain().count == 1)
        #expect(console.takeInterrupt())
        #expect(!console.takeInterrupt())
    }
}
