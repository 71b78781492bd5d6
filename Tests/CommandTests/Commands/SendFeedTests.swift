import KafkaProducer
import Testing

@testable import kafka_lua

@Suite struct SendFeedTests {
    private static let frame = RecordFrame(topic: "t")

    /// What becomes of an input, and what went wrong.
    private func send(
        _ input: String, _ plan: SendPlan, _ sender: SentRecords = SentRecords()
    ) throws -> (records: [String], failures: [String]) {
        let pipe = try PipePair()
        pipe.write(input)
        pipe.closeWriting()
        let feed = SendFeed(sender: sender, plan: plan)
        let failures = feed.run([], input: InputBuffer(pipe.reading))
        #expect(sender.isComplete == failures.isEmpty || !sender.failuresAtClose.isEmpty)
        return (sender.texts, failures.map(\.message))
    }

    // MARK: - Lines

    @Test func everyLineIsARecord() throws {
        #expect(try send("one\n\ntwo", SendPlan(Self.frame)) == (["-|one", "-|", "-|two"], []))
        #expect(try send("", SendPlan(Self.frame)) == ([], []))
    }

    @Test func keysStandBeforeADelimiterAndMarkersAreNull() throws {
        let plan = SendPlan(
            Self.frame, key: Array("all".utf8), keyDelimiter: Array(":".utf8), nullMarker: Array("NULL".utf8))
        let lines = "k1:v:w\nonly\n:v\nNULL:NULL\nNULL\n\n"
        #expect(
            try send(lines, plan) == (["k1|v:w", "all|only", "|v", "-|-", "all|-", "all|"], []))
    }

    @Test func aDelimiterMayBeLongerThanOneByte() throws {
        let plan = SendPlan(Self.frame, keyDelimiter: RecordLine.delimiter("\\t=>"))
        #expect(try send("k\t=\t=>v\nk\t=>v\nk\t=", plan) == (["k\t=|v", "k|v", "-|k\t="], []))
    }

    @Test func aLineLongerThanTheBufferIsWhole() throws {
        let long = String(repeating: "x", count: 3 << 20)
        let file = try TemporaryFile("short\n\(long)\nlast")
        let sender = SentRecords()
        let failures = SendFeed(sender: sender, plan: SendPlan(Self.frame)).run([], input: InputBuffer(file.descriptor))
        #expect(failures.isEmpty)
        #expect(sender.records.map(\.value?.count) == [5, 3 << 20, 4])
    }

    @Test func afterAFailureWhatWasSentIsStillWaitedFor() throws {
        let sender = SentRecords()
        sender.failsAt = 1
        sender.failuresAtClose = [Failure("timed out")]
        #expect(
            try send("a\nb\nc\n", SendPlan(Self.frame), sender)
                == (["-|a"], ["line 2 of standard input: too large", "timed out"]))
        #expect(sender.isComplete == false)
    }

    @Test func argumentsAreRecords() {
        let sender = SentRecords()
        let feed = SendFeed(sender: sender, plan: SendPlan(Self.frame, keyDelimiter: Array(":".utf8)))
        #expect(feed.run(["a:b", "c"]).isEmpty)
        #expect(sender.texts == ["a|b", "-|c"])
    }

    // MARK: - JSON

    @Test func objectsAreRecords() throws {
        var frame = Self.frame
        frame.headers.add("all", "1")
        let sender = SentRecords()
        let input = #"""
            {"topic":"other","partition":2,"offset":7,"timestamp":5,"key":"k","value":"v","headers":[["a","b"],["c",null]]}

            {"value":{"n":1.5,"list":[true,null]},"headers":{"h":{"base64":"//8="}}}
            {"key":{"base64":"AP8="},"value":null,"partition":null}
            {"key":17,"value":"a\u0000b"}
            """#
        let (records, failures) = try send(input, SendPlan(frame, format: .json, key: Array("d".utf8)), sender)
        #expect(failures == [])
        #expect(records[0] == "k|v")
        #expect(records[1] == #"d|{"n":1.5,"list":[true,null]}"#)
        #expect(sender.records[2].key == [0, 0xFF])
        #expect(sender.records[2].value == nil)
        #expect(records[3] == "17|a\0b")
        #expect(sender.records[0].frame.partition == 2)
        #expect(sender.records[0].frame.timestamp == 5)
        #expect(sender.records[0].frame.topic == "t")
        #expect(sender.records[0].frame.headers.map(\.name) == ["all", "a", "c"])
        #expect(sender.records[0].frame.headers.last?.value == nil)
        #expect(sender.records[1].frame.headers.last?.value == [0xFF, 0xFF])
    }

    @Test(arguments: [
        (#"{"vaule":1}"#, "a record has no field \"vaule\""), (#"{"key":"k"}"#, "has no value"), ("[1]", "an object"),
        ("{", "this is no JSON"), (#"{"value":1,"value":2}"#, "this is no JSON"),
        (#"{"value":"v","partition":-1}"#, "partition is"), (#"{"value":"v","headers":[["a"]]}"#, "each header"),
        (#"{"value":{"base64":"%"}}"#, "no Base64"), (#"{"value":"v","timestamp":"now"}"#, "timestamp is"),
    ])
    func whatIsNoRecordIsNamedByItsLine(_ wrong: (line: String, message: String)) throws {
        let (records, failures) = try send("{\"value\":1}\n\(wrong.line)\n", SendPlan(Self.frame, format: .json))
        #expect(records == ["-|1"])
        #expect(failures.count == 1)
        #expect(failures[0].hasPrefix("line 2 of standard input: "))
        #expect(failures[0].contains(wrong.message))
    }

    // MARK: - CSV and raw

    @Test func rowsAreObjectsOrOneOfTheirFields() throws {
        let rows = "id,name\r\n1,\"x \"\"y\"\",\nz\"\n2,NULL\n"
        let objects = SendPlan(
            Self.frame, format: .csv, nullMarker: Array("NULL".utf8), columns: .init(key: "id"))
        #expect(
            try send(rows, objects)
                == ([#"1|{"id":"1","name":"x \"y\",\nz"}"#, #"2|{"id":"2","name":null}"#], []))
        let fields = SendPlan(
            Self.frame, format: .csv, key: Array("k".utf8), nullMarker: Array("NULL".utf8),
            columns: .init(value: "name"))
        #expect(try send(rows, fields) == (["k|x \"y\",\nz", "k|-"], []))
    }

    @Test(arguments: [
        ("a,b\n1\n", nil, "line 2 of standard input: the row has 1 fields, and the first one has 2"),
        ("a,b\n", "c", "line 1 of standard input: there is no column 'c', but a, b"),
        ("a,a\n", nil, "line 1 of standard input: two columns are named 'a'"),
        ("a\n\"x", nil, "line 2 of standard input: the quote that begins here is not closed"),
    ])
    func aTableThatIsNoneIsRefused(_ wrong: (rows: String, key: String?, message: String)) throws {
        let plan = SendPlan(Self.frame, format: .csv, columns: .init(key: wrong.key))
        #expect(try send(wrong.rows, plan) == ([], [wrong.message]))
    }

    @Test func rawInputIsOneRecord() throws {
        #expect(try send("a\nb\n", SendPlan(Self.frame, format: .raw, key: [0x6B])) == (["k|a\nb\n"], []))
    }
}
