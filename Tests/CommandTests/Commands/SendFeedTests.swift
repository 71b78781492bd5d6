import Testing

@testable import kafka_lua

@Suite struct SendFeedTests {
    private final class RecordingSender: RecordSender {
        var records: [OutgoingRecord] = []
        var failsAt: Int?
        var failuresAtClose: [Failure] = []
        var isClosed = false
        var isComplete: Bool?

        func send(_ record: OutgoingRecord) throws(Failure) {
            if records.count == failsAt { throw Failure("too large") }
            records.append(record)
        }

        var counts: ProgressLine.Counts { .init(sent: records.count, delivered: records.count) }

        func close(isComplete: Bool) -> [Failure] {
            isClosed = true
            self.isComplete = isComplete
            return failuresAtClose
        }
    }

    private func feed(_ sender: RecordingSender, _ errors: Lines) -> SendFeed {
        SendFeed(
            sender: sender, recordLine: RecordLine(topic: "t"), diagnostics: Diagnostics { errors.append($0) },
            showsProgress: false)
    }

    @Test func everyLineIsARecord() throws {
        let pipe = try PipePair()
        pipe.write("one\n\ntwo")
        pipe.closeWriting()
        let sender = RecordingSender()
        let feed = feed(sender, Lines())
        #expect(feed.run([], lines: LineReader(descriptor: pipe.reading)))
        #expect(sender.records.map(\.value) == [Array("one".utf8), [], Array("two".utf8)])
        #expect(sender.isClosed)
    }

    @Test func afterAFailureWhatWasSentIsStillWaitedFor() throws {
        let sender = RecordingSender()
        sender.failsAt = 1
        sender.failuresAtClose = [Failure("timed out")]
        let errors = Lines()
        let feed = feed(sender, errors)
        #expect(!feed.run(["a", "b", "c"]))
        #expect(sender.records.count == 1)
        #expect(sender.isClosed)
        #expect(errors.text == "error: too large\nerror: timed out\n")
    }
}
