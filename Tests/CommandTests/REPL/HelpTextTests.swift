import KafkaProducer
import Testing

@testable import kafka_lua

@Suite struct HelpTextTests {
    @Test func theOverviewListsAllCommandsWithinTheScreen() throws {
        for command in BackslashCommand.table { #expect(HelpText.overview().contains("  \(command.usage) ")) }
        for topic in [nil, "lua", "keys"] {
            let lines = try HelpText.text(on: topic).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= 80 })
        }
    }

    @Test(arguments: [
        ("\\send", "\\send orders"), ("send", "send(topic, key, value [, callback])"), ("kafka.rate", "steady rate"),
        ("future:get", "Waits for the record"), ("p:flush", "producer:flush([seconds])"), ("get", "future:get"),
        ("record", "headers"), ("kafka.metadata", "key_size"), ("linger.ms", "default 5"), ("lua", "kafka.every("),
        ("keys", "linger.ms"), ("tx:send", "tx:send("),
    ])
    func thereIsHelpOn(topic: String, text: String) throws {
        #expect(try HelpText.text(on: topic).mentions(text))
    }

    @Test func whatThereIsNotNamesTheNearest() {
        #expect(throws: Failure("there is no help on lingr.ms", hint: "did you mean \\help linger.ms?")) {
            try HelpText.text(on: "lingr.ms")
        }
        #expect(throws: Failure.self) { try HelpText.text(on: "\\nothing-like-it") }
    }

    @Test func thereIsHelpOnEverythingThatIsCompleted() throws {
        for subject in HelpText.subjects { #expect(try !HelpText.text(on: subject).isEmpty) }
    }

    @Test func everyFunctionOfTheManualHasASignature() {
        let manual = LuaManual.shared
        #expect(manual.functions.count > 50)
        #expect(manual.functions(named: "kafka.producer").first?.parameters.first?.signature == "[config]")
        #expect(manual.functions(named: "send").first?.parameters.last?.signature == "record [, callback]")
        #expect(manual.record(named: "record")?.fields.map(\.name).contains("headers") == true)
    }
}

extension String {
    fileprivate func mentions(_ text: String) -> Bool { lowercased().contains(text.lowercased()) }
}
