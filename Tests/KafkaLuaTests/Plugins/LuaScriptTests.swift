import Dispatch
import KafkaLua
import KafkaProducer
import LuaRuntime
import Synchronization
import Testing

/// Scripts as applications written in Swift use them.
@Suite struct LuaScriptTests {
    /// Runs what the README shows, with other names and addresses.
    private func readme(_ banana: String, _ banana2: String, _ servers: String) throws -> Int {
        let script = try LuaScript(file: banana)
        var configuration = try ProducerConfiguration(bootstrapServers: servers)
        configuration.partitioner = script.partitioner
        let producer = try Producer<String, String>(configuration, interceptors: [script.interceptor()])

        try producer.send(ProducerRecord(topic: "fruit", key: "Banana", value: "1"))
        try script.swap(toFile: banana2, drain: .keys)
        try producer.send(ProducerRecord(topic: "fruit", key: "Banana", value: "2"))
        try producer.close()
        return script.generation
    }

    @Test func theREADMEsExampleWorks() async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let banana = try scripts.write("return { partition = function(r, n) return n - 1 end }", to: "banana.lua")
        let banana2 = try scripts.write("return { partition = function(r, n) return 0 end }", to: "banana-2.lua")
        let servers = broker.bootstrapServers
        let generation = try await onThread { try readme(banana, banana2, servers) }
        #expect(generation == 2)
        #expect(try await broker.records(of: "fruit").map(\.line) == ["0:Banana=2", "2:Banana=1"])

        // What stands there is what was run.
        let here = try Example(file: "Tests/KafkaLuaTests/Plugins/LuaScriptTests.swift").text
        let text = try Example(file: "README.md").text.components(between: "```swift\n", and: "```")
        let block = try #require(text.first { $0.contains("LuaScript") })
        for line in block.split(separator: "\n") where !line.hasPrefix("import") && !line.hasPrefix("print") {
            let ours = line.replacing("\"banana.lua\"", with: "banana").replacing("\"banana-2.lua\"", with: "banana2")
                .replacing("\"localhost:9092\"", with: "servers")
            #expect(here.contains(ours), "\(ours)")
        }
    }

    @Test func theInterceptorChangesRecordsAndHearsOfThem() async throws {
        let broker = try await TestBroker(partitions: 1)
        let script = try LuaScript(
            text: """
                local heard = 0
                return {
                  on_send = function(r) r.value = r.value .. "!"; r.headers = { { "by", r.key } }; r.topic = "t" end,
                  on_ack = function(md, err) if not err and md.offset >= 0 then heard = heard + 1 end end,
                  on_unload = function() return heard end,
                }
                """, name: "i.lua")
        let configuration = try ProducerConfiguration(bootstrapServers: broker.bootstrapServers)
        let producer = try Producer<String, [UInt8]>(configuration, interceptors: [script.interceptor()])
        for _ in 0..<3 { try await producer.send(ProducerRecord(topic: "x", key: "k", value: [0x61])) }
        await producer.close()
        await script.acknowledgementsTold()
        let records = try await broker.records(of: "t")
        #expect(records.map(\.line) == ["0:k=a!", "0:k=a!", "0:k=a!"])
        #expect(records.allSatisfy { $0.headers.map(\.name) == ["by"] })
        let error = #expect(throws: LuaError.self) {
            try script.swap(
                toText: "return { on_ack = print, on_load = function(n) error('heard ' .. n) end }", name: "x")
        }
        #expect(error?.message == "heard 3")
        #expect(script.generation == 1)
    }

    @Test func theInterceptorLeavesAloneWhatItDoesNotWrite() async throws {
        let broker = try await TestBroker(partitions: 1)
        let script = try LuaScript(
            text: """
                return { on_send = function(r)
                  if r.key == "null" then r.key, r.value = nil, nil end
                  if r.value == "headers" then r.headers[#r.headers + 1] = { "b", "2" } end
                  if r.value == "broken" then r.value = "x" error("broken") end
                end }
                """, name: "i.lua")
        let configuration = try ProducerConfiguration(bootstrapServers: broker.bootstrapServers)
        let producer = try Producer<[UInt8], String>(configuration, interceptors: [script.interceptor()])
        for (key, value) in [("k", "v"), ("null", "v"), ("k", "headers"), ("k", "broken")] {
            try await producer.send(
                ProducerRecord(topic: "t", key: Array(key.utf8), value: value, headers: ["a": "1"]))
        }
        await producer.close()
        let records = try await broker.records(of: "t")
        #expect(records.map(\.line) == ["0:k=v", "0:null=null", "0:k=headers", "0:k=broken"])
        #expect(records.map { $0.headers.map(\.name) } == [["a"], ["a"], ["a", "b"], ["a"]])
    }

    @Test(arguments: [1, 4]) func manyThreadsCallItAtATime(instances: Int) async throws {
        let broker = try await TestBroker(partitions: 4)
        var options = LuaScriptOptions()
        options.instances = instances
        let script = try LuaScript(
            text: "return { partition = function(r, n) return #r.key % n end }", name: "length.lua", options: options)
        var configuration = try ProducerConfiguration(bootstrapServers: broker.bootstrapServers)
        configuration.partitioner = script.partitioner
        let producer = try Producer<String, String>(configuration)
        let failures = Counter()
        try await onThread {
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                for number in 0..<500 {
                    let key = String(repeating: "x", count: number % 7)
                    _ = try? producer.send(ProducerRecord(topic: "t", key: key, value: "v")) { metadata, error in
                        if error != nil || Int(metadata.partition) != key.utf8.count % 4 { _ = failures.next() }
                    }
                }
            }
            try producer.close()
        }
        #expect(failures.value == 0)
        #expect(producer.deliveryReports.map(\.delivered) == [2000])
        #expect(script.description?.instances == instances)
    }

    @Test func aSwapWaitsForTheEndOfATransaction() async throws {
        let broker = try await TestBroker()
        let script = try LuaScript(text: "return { partition = function() return 0 end }", name: "0.lua")
        var configuration = try ProducerConfiguration(bootstrapServers: broker.bootstrapServers)
        configuration.partitioner = script.partitioner
        configuration.transactionalId = "x"
        let producer = try Producer<String, String>(configuration)
        let record = ProducerRecord<String, String>(topic: "t", key: "k", value: "v")
        try await producer.initTransactions()
        try await producer.beginTransaction()
        let first = try await producer.send(record)
        #expect(try script.swap(toText: "return { partition = function() return 1 end }", name: "1.lua") == 2)
        let second = try await producer.send(record)
        #expect(script.generation == 1)
        try await producer.commitTransaction()
        #expect(script.generation == 2)
        try await producer.beginTransaction()
        let third = try await producer.send(record)
        try await producer.commitTransaction()
        #expect([first, second, third].map(\.partition) == [0, 0, 1])
        #expect([first, second, third].map(\.generation) == [1, 1, 2])
        await producer.close()
    }

    @Test func aFlawHasItsPlaceAndChangesNothing() throws {
        let scripts = try TemporaryScripts()
        let path = try scripts.write("return {\n partition = function(r, n)", to: "flawed.lua")
        let error = #expect(throws: LuaError.self) { try LuaScript(file: path) }
        #expect(error?.description == "\(path):2: 'end' expected near <eof>")
        #expect(throws: KafkaError.self) { try LuaScript(file: scripts.folder + "/nowhere.lua") }
        let script = try LuaScript(text: "return { partition = function() return 0 end }", name: "p")
        #expect(throws: LuaError.self) { try script.swap(toFile: path) }
        #expect(throws: KafkaError.self) { try script.rollback() }
        #expect(script.generation == 1)
        #expect(try script.swap(toText: "return { on_send = print }", name: "q") == 2)
        #expect(try script.rollback() == 3)
        #expect(script.description?.source == "p")
    }

    private func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "test").async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}

extension String {
    /// What stands between each pair of marks.
    fileprivate func components(between start: String, and end: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let opening = rest.firstRange(of: start) {
            rest = rest[opening.upperBound...]
            guard let closing = rest.firstRange(of: end) else { break }
            parts.append(rest[..<closing.lowerBound])
            rest = rest[closing.upperBound...]
        }
        return parts
    }
}
