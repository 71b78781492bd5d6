import KafkaProducer
import LuaRuntime
import Testing

/// Files that change are swapped in by themselves.
@Suite struct WatchTests {
    /// Runs lines in which `p` watches `path`, `write(text)` writes it as an editor does, and `await(n)` waits until
    /// generation `n` is in force.
    private func run(_ script: String, path: String = "p.lua") async throws -> ScriptTranscript {
        let broker = try await TestBroker()
        let scripts = try TemporaryScripts()
        let transcript = try await ScriptRunner(broker).run(
            """
            local folder, path = ...
            path = folder .. "/" .. path
            local function plugin(n) return "return { partition = function() return " .. n .. " end }" end
            local function write(text, to)
              local f <close> = assert(io.open((to or path) .. "~", "w"))
              f:write(text)
              f:close()
              assert(os.rename((to or path) .. "~", to or path))
            end
            local p
            local function await(generation)
              for _ = 1, 6000 do
                if p:generation("partitioner") >= generation then return end
                kafka.sleep(0.01)
              end
              error("generation " .. generation .. " did not come")
            end
            local function place() return p:send("t", "k", "v"):get().partition end
            \(script)
            p:close()
            """, arguments: [scripts.folder, path])
        #expect(transcript.error == nil)
        return transcript
    }

    @Test func whatIsWrittenTakesOverAndWhatIsBrokenDoesNot() async throws {
        let transcript = try await run(
            """
            write(plugin(0))
            p = kafka.producer{ partitioner = path, watch = true }
            assert(place() == 0)
            write(plugin(1))
            await(2)
            assert(place() == 1)
            write("return {")
            -- In place, without a name of its own.
            kafka.sleep(0.5)
            assert(place() == 1)
            local f = assert(io.open(path, "w")); f:write(plugin(2)); f:close()
            await(3)
            assert(place() == 2 and p:generation("partitioner") == 3)
            assert(p:watch(false) == false)
            """)
        #expect(transcript.log.allSatisfy { $0.contains("has changed, and generation 2 stays in force") })
    }

    /// Kubernetes mounts a configuration as links to a folder, by way of a link that is turned to the next one.
    @Test func aMountedConfigurationIsFollowed() async throws {
        let transcript = try await run(
            """
            local function mount(n)
              assert(os.execute(("mkdir '%s/v%d'"):format(folder, n)))
              local f <close> = assert(io.open(("%s/v%d/p.lua"):format(folder, n), "w"))
              f:write(plugin(n))
              f:close()
              assert(os.execute(("ln -s v%d '%s/..next' && mv -T '%s/..next' '%s/..data'"):format(n, folder, folder, folder)))
            end
            mount(0)
            assert(os.execute(("ln -s ..data/p.lua '%s'"):format(path)))
            p = kafka.producer{ partitioner = path }
            p:watch()
            assert(place() == 0)
            mount(1)
            await(2)
            assert(place() == 1)
            """)
        #expect(transcript.log == [])
    }

    @Test func whatChangedBeforeItWasWatchedCountsToo() async throws {
        let transcript = try await run(
            """
            write(plugin(0))
            p = kafka.producer{ partitioner = path }
            write(plugin(2))
            p:watch(true)
            await(2)
            assert(place() == 2)
            """)
        #expect(transcript.log == [])
    }
}
