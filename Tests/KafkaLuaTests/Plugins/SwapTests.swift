import KafkaProducer
import LuaRuntime
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct SwapTests {
    /// `KAFKA_LUA_SWAP_RECORDS` in the environment sends another number of records, a million say, in a release build.
    private static var recordCount: Int {
        getenv("KAFKA_LUA_SWAP_RECORDS").flatMap { Int(String(cString: $0)) } ?? 20_000
    }

    @Test func aHundredSwapsLoseRepeatAndReorderNothing() async throws {
        let (records, swaps, partitions) = (Self.recordCount, 100, 4)
        let broker = try await TestBroker(partitions: partitions)
        let scripts = try TemporaryScripts()
        // Each version has a mapping of its own, counts what it saw, and hands that on.
        let template = """
            local shift, seen = SHIFT, 0
            return {
              partition = function(r, n) seen = seen + 1; return (tonumber(r.value) + shift) % n end,
              on_unload = function() return { seen = seen, shift = shift } end,
              on_load = function(state)
                seen = state and state.seen or 0
                if not state then return end
                assert(state.shift == shift - 1 and state.seen == shift * EVERY)
              end,
            }
            """
        let transcript = try await ScriptRunner(broker, [("linger.ms", "5")]).run(
            """
            local template, folder, count, swaps = ...
            local every = math.tointeger(count) // math.tointeger(swaps)
            local function version(number)
              local path = folder .. "/" .. number .. ".lua"
              local file <close> = assert(io.open(path, "w"))
              file:write((template:gsub("SHIFT", number):gsub("EVERY", every)))
              return path
            end
            local delivered = 0
            local function callback(md, err)
              assert(not err, err)
              delivered = delivered + 1
            end
            local p <close> = kafka.producer{ partitioner = version(0) }
            for i = 1, math.tointeger(count) do
              p:send("t", nil, tostring(i), callback)
              if i % every == 0 then
                assert(p:swap("partitioner", version(i // every)))
                -- One that is not there, in between, changes nothing.
                assert(not p:swap("partitioner", "nowhere.lua"))
              end
            end
            assert(p:flush())
            return delivered, p:generation("partitioner")
            """, arguments: [template, scripts.folder, "\(records)", "\(swaps)"])
        #expect(transcript.error == nil)
        #expect(transcript.reports == [])
        #expect(transcript.texts == ["\(records)", "\(swaps + 1)"])
        try await expectAll(records, swaps: swaps, partitions: partitions, on: broker)
    }

    /// Every number once, in the partition that the version in force gave it, rising within each partition.
    private func expectAll(_ count: Int, swaps: Int, partitions: Int, on broker: TestBroker) async throws {
        var last = [Int](repeating: 0, count: partitions)
        var seen = [Bool](repeating: false, count: count + 1)
        var (repeated, misplaced, outOfOrder) = (0, 0, 0)
        for record in try await broker.records(of: "t") {
            let number = try #require(record.valueText.flatMap { Int($0) })
            let partition = Int(record.partition)
            if seen[number] { repeated += 1 }
            seen[number] = true
            if (number + (number - 1) / (count / swaps)) % partitions != partition { misplaced += 1 }
            if number <= last[partition] { outOfOrder += 1 }
            last[partition] = number
        }
        #expect(seen.dropFirst().allSatisfy { $0 })
        #expect(repeated == 0)
        #expect(misplaced == 0)
        #expect(outOfOrder == 0)
    }

    @Test(arguments: [
        // Entries, which are counted where they are seen again; bytes; what is one string, and would be a thousand copies.
        "local inner, outer = {}, {} for i = 1, 1000 do inner[i], outer[i] = i, inner end return outer",
        "return ('x'):rep(5 << 20)",
        "local t, s = {}, ('x'):rep(20 << 20) for i = 1, 100000 do t[i] = s end return t",
        "return { [('x'):rep(5 << 20)] = 1 }",
        "local t = {} for i = 1, 100 do t = { t } end return t",
        "local t = {} t.itself = t return t",
    ]) func whatIsHandedOnIsPlainDataOfABoundedSize(state: String) async throws {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        func plugin(_ name: String, _ hooks: String) throws -> String {
            try scripts.write("return { version = 2, partition = function() return 1 end, \(hooks) }", to: name)
        }
        let rich = try plugin(
            "rich.lua",
            "on_unload = function() return { 1, 2.5, 'x\\0', true, nested = { a = {} }, f = print } end")
        let heir = try plugin(
            "heir.lua",
            """
            on_load = function(s, version)
              assert(version == "2" and s[1] == 1 and math.type(s[2]) == "float" and s[3] == "x\\0" and s[4] == true)
              assert(next(s.nested.a) == nil and s.f == nil)
            end,
            on_unload = function() \(state) end
            """)
        let transcript = try await ScriptRunner(broker).run(
            """
            local rich, heir = ...
            local p <close> = kafka.producer{ partitioner = rich }
            assert(p:swap("partitioner", heir) == 2)
            local generation, err = p:swap("partitioner", rich)
            assert(generation == nil and p:generation("partitioner") == 2)
            assert(p:send("t", "k", "v"):get().partition == 1)
            return err.message
            """, arguments: [rich, heir])
        #expect(transcript.error == nil)
        let message = try #require(transcript.texts.first)
        #expect(message.hasPrefix("\(heir):5: on_unload returned more than can be handed over, which is 4 MiB"))
        #expect(message.contains("generation 2 stays in force"))
    }
}
