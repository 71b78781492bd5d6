import Testing

@testable import kafka_lua

@Suite struct PromptCompletionTests {
    private let completion = PromptCompletion(
        names: { path in
            switch path {
            case []: ["kafka": "table", "send": "function", "serial": "string", "p": "userdata", "a-b": "string"]
            case ["kafka"]: ["producer": "function", "poll": "function", "null": "userdata"]
            case ["p"]: ["flush": "function", "version": "number"]
            default: [:]
            }
        }, topics: { ["orders", "orders.dlq", "payments"] },
        files: { prefix in ["a.lua", "b/", "b/c.lua"].filter { $0.hasPrefix(prefix) && $0 != prefix } })

    @Test(arguments: [
        ("se", ["send", "serial"]), ("x = ka", ["kafka"]), ("kafka.p", ["poll", "producer"]),
        ("kafka.", ["null", "poll", "producer"]), ("p:", ["flush"]), ("p.", ["flush", "version"]),
        ("wh", ["while"]), ("send{topic = \"o", ["orders", "orders.dlq"]), ("send('pa", ["payments"]),
        ("tail \"orders.", ["orders.dlq"]), ("send(f(1, 2), ", []), ("send('orders', 'pa", []),
        ("dofile('", ["a.lua", "b/", "b/c.lua"]), ("swap('partitioner', 'a", ["a.lua"]),
        ("kafka.producer{partitioner = 'b", ["b/", "b/c.lua"]), ("x = 'b/", ["b/c.lua"]),
        ("kafka.producer{['linger", ["linger.ms"]), ("-- se", []), ("", []), ("  ", []), ("f().x", []),
        ("nowhere.a", []),
        ("\\to", ["topic", "topics"]), ("\\tail pa", ["payments"]), ("\\send orders x", []),
        ("\\swap p", ["partitioner"]), ("\\swap partitioner a", ["a.lua"]), ("\\watch ", ["off", "on"]),
        ("\\output j", ["json"]), ("\\set linger", ["linger.ms"]), ("\\set compression.type z", ["zstd"]),
        ("\\set compression.type=z", ["compression.type=zstd"]), ("\\set acks=1 linger", ["linger.ms="]),
        ("\\help kafka.ra", ["kafka.rate", "kafka.rate.options"]), ("\\nothing x", []), ("\\source a", ["a.lua"]),
    ])
    func whatCouldStandAtTheCursorIsOffered(text: String, candidates: [String]) {
        let completion = completion.completion(of: text, cursor: text.count)
        #expect(completion.candidates == candidates)
        if !candidates.isEmpty { #expect(completion.replacing.upperBound == text.count) }
    }

    @Test func onlyWhatStandsBeforeTheCursorCounts() {
        #expect(
            completion.completion(of: "send('or', 1)", cursor: 8)
                == Completion(replacing: 6..<8, candidates: ["orders", "orders.dlq"]))
    }

    @Test(arguments: [
        ("send(", "topic, key, value [, callback])"), ("send('t', ", "key, value [, callback])"),
        ("send('t',", " key, value [, callback])"), ("kafka.sleep(", "seconds)"), ("p:flush(", "[seconds])"),
        ("x = tail( f(1, 2), ", "[count] [, options])"), ("send('t'", ""), ("nothing(", ""), ("send{", ""), ("", ""),
        ("-- send(", ""), ("'send(", ""), ("\\send ", "TOPIC VALUE [KEY]"), ("\\send orders ", "VALUE [KEY]"),
        ("\\send", ""), ("\\topics ", ""), ("\\nothing ", ""),
    ])
    func theArgumentsThatAreToComeAreHinted(text: String, hint: String) {
        #expect(ArgumentHint.hint(Array(text)) == hint)
    }

    @Test(arguments: [
        ("local x = 'a' -- b", [(0..<5, TextStyle.magenta), (10..<13, .green), (14..<18, .dim)]),
        ("\\send x", [(0..<5, .cyan)]), ("\\sned x", [(0..<5, .red)]), ("f(12)", [(2..<4, .yellow)]), ("  ", []),
    ])
    func textIsColoured(text: String, highlights: [(Range<Int>, TextStyle)]) {
        #expect(
            Highlighting.highlights(Array(text)) == highlights.map { Highlight(range: $0.0, style: $0.1) })
    }
}
