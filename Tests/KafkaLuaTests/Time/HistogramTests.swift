import LuaRuntime
import Testing

@Suite struct HistogramTests {
    private func run(_ script: String) async throws -> ScriptTranscript {
        let transcript = try await ScriptRunner().run(
            """
            local function near(value, expected)
              assert(math.abs(value - expected) <= expected / 1000, value .. " is not near " .. expected)
            end
            \(script)
            """)
        #expect(transcript.error == nil)
        return transcript
    }

    @Test func percentilesAreExactToThreeDigits() async throws {
        _ = try await run(
            """
            local h = kafka.histogram()
            for i = 1, 100000 do h:record(i / 1000) end
            for _, p in ipairs{ 1, 10, 50, 90, 99, 99.9, 99.99 } do near(h:percentile(p), p) end
            near(h:mean(), 50.0005)
            near(h:stddev(), 28.8675)
            near(h:min(), 0.001)
            assert(h:percentile(100) == h:max())
            near(h:max(), 100)
            assert(h:count() == 100000 and tostring(h) == "kafka.histogram: 100000 values")
            """)
    }

    @Test func countsAndZeroAndLargeValuesAreTaken() async throws {
        _ = try await run(
            """
            local h = kafka.histogram{ lowest = 1, digits = 5 }
            h:record(0, 3)
            h:record(9007199254740992)
            h:record(7, 0)
            assert(h:count() == 4 and h:percentile(75) == 0 and h:min() == 0)
            assert(math.abs(h:max() - 9007199254740992) / 9007199254740992 < 1e-5)
            """)
    }

    @Test func nothingRecordedReadsAsZero() async throws {
        _ = try await run(
            """
            local h = kafka.histogram()
            h:record(5)
            h:reset()
            for _, name in ipairs{ "min", "max", "mean", "stddev", "count" } do assert(h[name](h) == 0) end
            assert(h:percentile(0) == 0 and h:percentile(50) == 0 and h:percentile(100) == 0)
            """)
    }

    /// HdrHistogram's own example: a stall of 100 s at a record each 10 ms, seen by one record alone.
    @Test func whatAStallHidesIsFilledIn() async throws {
        _ = try await run(
            """
            local plain, corrected = kafka.histogram(), kafka.histogram()
            for _ = 1, 10000 do plain:record(0.001); corrected:record_corrected(0.001, 0.01) end
            plain:record(100)
            corrected:record_corrected(100, 0.01)
            assert(plain:count() == 10001 and corrected:count() == 20000)
            near(plain:percentile(99.99), 0.001)
            near(corrected:percentile(50), 0.001)
            near(corrected:percentile(75), 50)
            near(corrected:percentile(99), 98)
            """)
    }

    @Test func histogramsAreMerged() async throws {
        _ = try await run(
            """
            local a, b = kafka.histogram(), kafka.histogram()
            for i = 1, 100 do a:record(i); b:record(i * 1000) end
            a:merge(b)
            assert(a:count() == 200 and b:count() == 100)
            near(a:percentile(50), 100)
            near(a:max(), 100000)
            near(a:min(), 1)
            """)
    }

    /// The library would trap.
    @Test func whatCannotBeAddedUpIsRefused() async throws {
        _ = try await run(
            """
            local h = kafka.histogram{ lowest = 1 }
            local ok, why
            for _ = 1, 5000 do
              ok, why = pcall(h.record, h, 2^53)
              if not ok then break end
            end
            assert(not ok and why:find("make it with a larger 'lowest'"), why)
            assert(h:mean() > 0 and h:stddev() >= 0 and h:percentile(99.9) > 0)
            assert(not pcall(h.merge, h, h))
            for _ = 1, 5000 do pcall(h.record, h, 0, 1 << 53) end
            assert(h:mean() >= 0 and h:percentile(100) >= 0)
            h:reset()
            h:record(1)
            assert(h:mean() == 1)
            """)
    }

    @Test func latencyCountsFromWhenARecordWasDue() async throws {
        _ = try await run(
            """
            local h = kafka.histogram()
            h:record_since(kafka.clock() - 5)
            assert(h:min() >= 5 * 0.999)
            h:reset()
            for _, due in kafka.rate(1000, { duration = 0.1 }) do
              -- A stall at the beginning is seen by all that were due while it lasted.
              if h:count() == 0 then kafka.sleep(0.2) end
              h:record_since(due)
            end
            assert(h:count() == 100 and h:min() >= 0.1 * 0.999, h:min())
            """)
    }

    @Test(arguments: [
        ("h:record()", "bad argument #1 to 'record' (number expected, got no value)"),
        ("h:record(-1)", "bad argument #1 to 'record' (a value is from 0 to"),
        ("h:record(0/0)", "bad argument #1 to 'record' (a value is from 0 to"),
        ("h:record(1, -1)", "bad argument #2 to 'record' (a count is from 0 to"),
        ("h:record_since(0/0)", "bad argument #1 to 'record_since' (a time of kafka.clock()"),
        ("h:record_corrected(1, 0)", "bad argument #2 to 'record_corrected' (the expected interval is too small)"),
        ("h:record_corrected(1e6, 1e-6)", "bad argument #2 to 'record_corrected' (the expected interval is too small)"),
        ("h:percentile(101)", "bad argument #1 to 'percentile' (a percentile is from 0 to 100)"),
        ("h:merge(5)", "bad argument #1 to 'merge' (kafka.histogram expected, got number)"),
        ("h:merge(kafka.histogram{ digits = 2 })", "the histograms differ in lowest or digits"),
        ("kafka.histogram{ digits = 6 }", "field 'digits' of argument #1: digits are from 1 to 5"),
        ("kafka.histogram{ lowest = 0 }", "field 'lowest' of argument #1: the lowest value is from"),
    ])
    func misuseNamesItsArgument(_ misuse: (source: String, message: String)) async throws {
        let transcript = try await ScriptRunner().run("local h = kafka.histogram()\n\(misuse.source)")
        let error = try #require(transcript.error)
        #expect(error.line == 2)
        #expect(error.message.contains(misuse.message), "\(error.message)")
    }
}
