import KafkaProducer
import LuaRuntime
import Testing

@Suite struct InterceptorTests {
    /// Runs lines in which `p` is a producer with these interceptors; gives what topic `t` holds then as well.
    private func run(
        _ script: String, through interceptors: String..., partitions: Int = 1
    ) async throws -> (ScriptTranscript, [String], [[String]]) {
        let broker = try await TestBroker(partitions: partitions)
        let scripts = try TemporaryScripts()
        let paths = try interceptors.enumerated().map { try scripts.write($1, to: "i\($0).lua") }
        let transcript = try await ScriptRunner(broker).run(
            "local p <close> = kafka.producer{ interceptors = { ... } }\n\(script)", arguments: paths)
        #expect(transcript.error == nil)
        let records = try await broker.records(of: "t")
        let headers = records.map { record in
            record.headers.map { "\($0.name)=\($0.value.map { String(decoding: $0, as: UTF8.self) } ?? "null")" }
        }
        return (transcript, records.map(\.line), headers)
    }

    @Test func theChainRunsInOrderAndEachSeesWhatTheLastOneMade() async throws {
        let (_, lines, headers) = try await run(
            "p:send{ topic = 't', key = 'k', value = 'v', headers = { a = '1' } }",
            through: "return { on_send = function(r) r.value = r.value .. '1'; r.headers[2] = { 'b', '2' } end }",
            "return { on_send = function(r) r.value = r.value .. '2'; r.headers = { { 'c', #r.headers .. '' } } end }",
            "return { on_send = function(r) r.key = r.key .. r.value; r.headers.d = '4'; r.value = r.value .. '3' end }"
        )
        #expect(lines == ["0:kv12=v123"])
        #expect(headers == [["c=2", "d=4"]])
    }

    @Test func oneThatRaisesIsLoggedAndSkippedWithAllThatItDid() async throws {
        let (transcript, lines, _) = try await run(
            "assert(p:send('t', 'k', 'v'))",
            through: "return { on_send = function(r) r.value = r.value .. '1' end }",
            "return { on_send = function(r)\n r.value = 'half'\n error('broken') end }",
            "return { on_send = function(r) while true do end end }",
            "return { on_send = function(r) r.headers = { 5 } end }",
            "return { on_send = function(r) r.value = 5 end }",
            "return { on_send = function(r) r.partition = -1 end }",
            "return { on_send = function(r) r.value = r.value .. '2' end }")
        #expect(lines == ["0:k=v12"])
        let expected = [
            "i1.lua:3: broken", "i2.lua:1: time limit exceeded", "i3.lua: headers must be names and values",
            "i4.lua: field 'value' of a record must be a string or nil, got number",
            "i5.lua:1: field 'partition' of a record must be an integer of 0 or more, or nil, got number",
        ]
        #expect(transcript.log.count == expected.count)
        for (message, part) in zip(transcript.log, expected) {
            #expect(message.hasPrefix("interceptor failed in on_send, the record goes on as it was: "))
            #expect(message.contains(part))
        }
    }

    @Test func theNextOneSeesWhatTheLastOneWrote() async throws {
        let (transcript, lines, headers) = try await run(
            """
            local future = p:send("wrong", "k", "v")
            collectgarbage()
            local md = future:get()
            return md.topic, md.partition, md.timestamp
            """,
            through: "return { on_send = function(r) r.value = ('x'):rep(3) .. r.value end }",
            """
            return { on_send = function(r)
              r.key, r.topic, r.timestamp, r.partition = r.key .. r.value, "t", 1700000000000, 2
              r.headers = { { "by", r.value } }
            end }
            """,
            """
            return { on_send = function(r)
              assert(r.topic == "t" and r.timestamp == 1700000000000 and r.partition == 2 and r.headers.by == "xxxv")
              r.value = r.key .. "!"
              r.value = r.value .. "!"
            end }
            """, partitions: 3)
        #expect(transcript.log.isEmpty)
        #expect(transcript.texts == ["t", "2", "1700000000000"])
        #expect(lines == ["2:kxxxv=kxxxv!!"])
        #expect(headers == [["by=xxxv"]])
    }

    @Test func whatOneThatRaisesWroteIsGoneAndWhatWasWrittenBeforeStays() async throws {
        let (transcript, lines, headers) = try await run(
            "assert(p:send('t', 'k', 'v')) assert(p:send('t', 'k', 'w'))",
            through: "return { on_send = function(r) r.value = r.value .. '1' r.headers.a = '1' end }",
            """
            return { on_send = function(r)
              r.topic, r.key, r.value, r.headers, r.partition, r.timestamp = "x", "x", nil, {}, 9, 0
              error("broken", 0)
            end }
            """,
            // The last of what it wrote is not fit for a record: nothing of it is taken.
            "return { on_send = function(r) r.key, r.value, r.headers = 'y', 'y', { { 'a', {} } } end }",
            "return { on_send = function(r) assert(r.key == 'k' and r.headers.a == '1' and not r.partition) end }")
        #expect(lines == ["0:k=v1", "0:k=w1"])
        #expect(headers == [["a=1"], ["a=1"]])
        #expect(transcript.log.count == 4)
        #expect(
            transcript.log.allSatisfy { $0.contains("broken") || $0.contains("header 'a' must be a string or nil") })
    }

    @Test func valuesAndKeysBecomeNullAndStringsAgain() async throws {
        let (transcript, lines, _) = try await run(
            """
            p:send("t", "tombstone", "v")
            p:send("t", nil, kafka.null)
            p:send{ topic = "t", key = "", value = "" }
            """,
            through: """
                return { on_send = function(r)
                  if r.key == "tombstone" then r.value = nil
                  elseif not r.key then r.key, r.value = r.value == nil and "none" or "some", "w"
                  else r.key, r.value = "[" .. r.key .. "]", "" end
                end }
                """,
            """
            return { on_send = function(r)
              if r.value == nil then r.key = r.key .. "!" elseif r.value == "" then r.key = nil end
            end }
            """)
        #expect(transcript.log.isEmpty)
        #expect(lines == ["0:tombstone!=null", "0:none=w", "0:null="])
    }

    @Test func aRecordThatIsKeptRaisesWhenItIsUsedLater() async throws {
        let (transcript, lines, _) = try await run(
            "for i = 1, 3 do p:send('t', 'k', 'v' .. i) end",
            through: """
                local kept, headers
                return { on_send = function(r)
                  if kept then
                    assert(kept ~= r or r.value ~= "changed")
                    headers[1] = { "late", "x" }
                  end
                  headers = r.headers
                  r.value, kept = "changed", r
                end }
                """,
            """
            local kept
            return {
              on_send = function(r) kept = r end,
              on_ack = function() error(select(2, pcall(function() return kept.value end)), 0) end,
            }
            """)
        #expect(lines == ["0:k=changed", "0:k=changed", "0:k=changed"])
        #expect(transcript.log.count == 3)
        #expect(transcript.log.allSatisfy { $0.contains("the record is used after its hook has returned") })
    }

    @Test func allOfARecordMayBeChanged() async throws {
        let (transcript, lines, headers) = try await run(
            """
            local md = p:send{ topic = "wrong", key = "k", value = "v", partition = 0 }:get()
            local second = p:send{ topic = "wrong", key = "null", value = "v" }:get()
            return md.topic, md.partition, md.timestamp, second.partition
            """,
            through: """
                return { on_send = function(r)
                  r.topic, r.timestamp, r.partition = "t", 1700000000000, r.partition and 2
                  if r.key ~= "null" then return end
                  r.key, r.value, r.headers, r.partition = kafka.null, nil, { x = kafka.null }, 1
                end }
                """, partitions: 3)
        #expect(transcript.texts == ["t", "2", "1700000000000", "1"])
        #expect(lines == ["1:null=null", "2:k=v"])
        #expect(headers == [["x=null"], []])
    }

    @Test func headersKeepTheirOrderHoweverManyAreAdded() async throws {
        let (_, _, headers) = try await run(
            "p:send('t', 'k', 'v')",
            through: "return { on_send = function(r) for i = 1, 100 do r.headers[i] = { 'n', tostring(i) } end end }")
        #expect(headers == [(1...100).map { "n=\($0)" }])
    }

    @Test func theOutcomeIsToldToAllThatSawTheRecordOnAThreadOfItsOwn() async throws {
        let broker = try await TestBroker(partitions: 1)
        let scripts = try TemporaryScripts()
        let counter = try scripts.write(
            """
            local seen, failed, last = 0, 0
            return {
              on_send = function() end,
              on_ack = function(md, err)
                seen = seen + 1
                if not err then last = md.offset end
                if err and tostring(err):find("^RECORD_TOO_LARGE: ") then failed = failed + 1 end
                if seen == 3 then error("third") end
              end,
              on_unload = function() return { seen, failed, last } end,
            }
            """, to: "counter.lua")
        let teller = try scripts.write(
            """
            local text = "told of %d, %d failed, last %d"
            return { on_send = print, on_load = function(state) error(text:format(table.unpack(state))) end }
            """, to: "teller.lua")
        let transcript = try await ScriptRunner(broker).run(
            """
            local counter, teller = ...
            local p = kafka.producer{ interceptors = counter }
            for _ = 1, 10 do p:send("t", nil, "v") end
            assert(not p:send("t", nil, ("x"):rep(2000000)))
            p:close()
            -- close has waited until the interceptor had heard of all records.
            return select(2, p:swap("interceptor", teller)).message
            """, arguments: [counter, teller])
        #expect(transcript.error == nil)
        let advice = "generation 1 stays in force: correct the script and swap again"
        #expect(transcript.texts == ["\(teller):2: told of 11, 1 failed, last 9 (\(advice))"])
        #expect(transcript.log.count == 1)
        #expect(transcript.log.first?.hasPrefix("interceptor failed in on_ack: \(counter):8: third") == true)
    }

    @Test func severalAreSwappedByAListOnly() async throws {
        let (transcript, lines, _) = try await run(
            """
            local a, b = ...
            local _, missing = p:swap("interceptor", { a, "x.lua" })
            local _, one = p:swap("interceptor", a)
            p:send("t", nil, "v")
            assert(p:swap("interceptor", { b, a, b }) == 2 and p:generation("interceptor") == 2)
            p:send("t", nil, "v")
            assert(p:swap("interceptor", {}) == 3)
            p:send("t", nil, "v")
            return missing.message, one.message
            """,
            through: "return { on_send = function(r) r.value = r.value .. 'a' end }",
            "return { on_send = function(r) r.value = r.value .. 'b' end }")
        #expect(
            transcript.texts == [
                "cannot read x.lua: No such file or directory",
                "there are 2 interceptors: swap them all, with a list of files",
            ])
        #expect(lines == ["0:null=vab", "0:null=vbab", "0:null=v"])
    }
}
