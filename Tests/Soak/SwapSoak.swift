import DevBroker
import Dispatch
import KafkaLua
import KafkaProducer
import Logging
import LuaRuntime
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One run: threads send by a script that is exchanged all the time, and each version leaves its mark in each hook.
struct SwapSoak {
    private let command: SwapCommand
    private let topic = "swap"

    init(_ command: SwapCommand) { self.command = command }

    /// A version says in `on_send`, `serialize` and `partition` which it is, and fails a record that another one has
    /// seen. It maps keys as no version next to it does, and hands on which it is.
    private func version(_ number: Int) -> String {
        """
        local version = "\(number)"
        local function of(headers)
          for _, header in ipairs(headers) do if header[1] == "version" then return header[2] end end
        end
        return {
          version = version,
          on_send = function(r) r.headers = { { "version", version } } end,
          serialize = function(topic, v, headers)
            if of(headers) ~= version then error("seen by " .. tostring(of(headers)) .. " before " .. version) end
            return v .. "@" .. version
          end,
          partition = function(r, n)
            if r.topic == "probe" then return 0 end
            if r.headers.version ~= version then error("seen by " .. tostring(r.headers.version) .. " before " .. version) end
            return (r:hash() + \(number)) % n
          end,
          on_unload = function() return version end,
          on_load = function(before) assert((before or "0") == "\(number - 1)") end,
        }
        """
    }

    func run() async throws -> SwapResult {
        var settings = DevBrokerConfiguration()
        settings.logger.logLevel = .critical
        settings.faults = try command.faults.map { try Faults(parsing: $0) } ?? Faults()
        let order = AppendOrder()
        settings.onAppend = { _, partition, offset in order.note(partition: partition, offset) }
        let broker = DevBroker(settings)
        try await broker.start()
        try broker.createTopic(topic, partitions: command.partitions)
        var options = LuaScriptOptions()
        options.instances = command.instances
        let script = try LuaScript(text: version(1), name: "version 1", options: options)
        var configuration = try ProducerConfiguration(bootstrapServers: broker.bootstrapServers)
        configuration.partitioner = script.partitioner
        // What goes wrong is tried again soon.
        configuration.retryBackoff = .milliseconds(1)
        configuration.retryBackoffMax = .milliseconds(10)
        configuration.reconnectBackoff = .milliseconds(1)
        configuration.reconnectBackoffMax = .milliseconds(10)
        let producer = try Producer<String, String>(
            configuration, keySerializer: .string, valueSerializer: script.serializer.converting { .string($0) },
            interceptors: [script.interceptor()])
        let ledger = SwapLedger(command)

        let clock = ContinuousClock()
        let start = clock.now
        let sent = SentCount()
        // Threads of their own: there may be fewer processors than senders.
        await withTaskGroup { group in
            for thread in 0...command.threads {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        DispatchQueue(label: "soak.\(thread)").async {
                            if thread < command.threads {
                                send(with: producer, thread, ledger, sent)
                            } else {
                                swap(script, ledger, sent)
                            }
                            continuation.resume()
                        }
                    }
                }
            }
        }
        await producer.close()
        let duration = start.duration(to: clock.now)

        var check = SwapCheck(command, order)
        for partition in 0..<command.partitions {
            try broker.forEachRecord(topic: topic, partition: partition) { check.look(at: $0, in: partition) }
        }
        let problems = ledger.finish() + check.finish()
        try await broker.shutdown()
        return SwapResult(
            records: command.records, swaps: script.generation - 1, duration: duration,
            longestSwap: ledger.longestSwap, overtaking: check.overtaking, problems: problems)
    }

    private func send(
        with producer: Producer<String, String>, _ thread: Int, _ ledger: SwapLedger, _ sent: SentCount
    ) {
        var number = thread
        while number < command.records {
            let (index, key) = (number, number / command.threads % command.keys)
            let record = ProducerRecord<String, String>(topic: topic, key: "\(thread)/\(key)", value: "\(number)")
            do throws(KafkaError) {
                try producer.send(record) { _, error in
                    ledger.note(index, error)
                }
            } catch {
                ledger.refused(error)
            }
            sent.add()
            number += command.threads
        }
    }

    /// Swaps are spread over the records.
    private func swap(_ script: LuaScript, _ ledger: SwapLedger, _ sent: SentCount) {
        let clock = ContinuousClock()
        for number in 0..<command.swaps {
            while sent.value < command.records * number / max(command.swaps, 1) { usleep(50) }
            let start = clock.now
            do {
                try script.swap(
                    toText: version(number + 2), name: "version \(number + 2)", drain: command.drain ? .keys : .none)
            } catch {
                ledger.problem("swap \(number + 1) failed: \(error)")
            }
            ledger.swapped(in: start.duration(to: clock.now))
            // One that is broken, in between, changes nothing.
            if (try? script.swap(toText: "return { partition = ", name: "broken")) != nil {
                ledger.problem("a broken version came in")
            }
        }
    }
}

/// How many records have been sent, by all threads.
private final class SentCount: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
}

/// What came out of a run.
struct SwapResult: CustomStringConvertible {
    var records: Int
    var swaps: Int
    var duration: Duration
    var longestSwap: Duration
    /// Records that were stored before an older one of their key, in another partition.
    var overtaking: Int
    var problems: [String]

    var description: String {
        let seconds = duration / .seconds(1)
        return "\(problems.isEmpty ? "ok" : "FAILED"), \(records) records and \(swaps) swaps in \(Int(seconds)) s, "
            + "\(Int(Double(records) / seconds)) records/s, longest swap \(Int(longestSwap / .milliseconds(1))) ms, \(overtaking) overtook their key"
    }
}
