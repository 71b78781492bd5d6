import ChildProcess
import DevBroker
import TestSupport
import Testing

@testable import kafka_lua

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `kafka-lua perf`, as people run it.
@Suite(.serialized) struct LoadTests {
    private func withBroker(_ body: (_ address: String) async throws -> Void) async throws {
        var configuration = DevBrokerConfiguration()
        configuration.partitionsPerTopic = 4
        let broker = DevBroker(configuration)
        try await broker.start()
        try await body(broker.bootstrapServers)
        try await broker.shutdown()
    }

    @Test func recordsAreSentMeasuredAndDrawn() async throws {
        try await withBroker { address in
            let folder = try TemporaryFolder()
            let page = folder.path + "/page.html"
            let outcome = try await Program.run(
                "perf", "-b", address, "-t", "load", "--records", "2000", "--size", "50", "--keys", "100", "--html",
                page)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.lines.first?.hasPrefix("records      2,000 of 50 bytes to load in ") == true)
            for name in ["records/s", "MB/s", "CPU", "peak memory", "latency", "partitions"] {
                #expect(outcome.lines.contains { $0.hasPrefix(name) }, "\(name)")
            }
            let html = String(decoding: try folder.bytes(of: "page.html"), as: UTF8.self)
            #expect(html.hasPrefix("<!DOCTYPE html>"))
            #expect(html.contains("Partitions of load"))
        }
    }

    /// A record's time is when it was due, so the whole of the time is at least that of the schedule.
    @Test func aRateIsKept() async throws {
        try await withBroker { address in
            let outcome = try await Program.run(
                "perf", "-b", address, "-t", "load", "--records", "200", "--rate", "400", "--acks", "1", "--json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let object = String(try #require(outcome.lines.first))
            #expect(outcome.lines.count == 1)
            #expect(object.contains(#""sent":200,"delivered":200,"failed":0"#))
            let seconds = try #require(number("seconds", in: object))
            #expect(seconds >= 199.0 / 400)
            #expect(try #require(number("p50", in: object)) > 0)
        }
    }

    @Test func aPartitionerIsSeenAtWork() async throws {
        try await withBroker { address in
            let folder = try TemporaryFolder()
            let path = try folder.write(Array("return { partition = function() return 2 end }".utf8), to: "two.lua")
            for options in [["--partitioner", path], ["-X", "partitioner.class=\(path)"]] {
                let outcome = try await ChildProcess.run(
                    Program.path(), ["perf", "-b", address, "-t", "load", "--records", "500", "--json"] + options,
                    environment: Program.environment)
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.output.contains(#""partitions":[0,0,500,0]"#))
            }
        }
    }

    @Test func recordsThatFailAreCountedAndFailTheCommand() async throws {
        try await withBroker { address in
            let outcome = try await Program.run(
                "perf", "-b", address, "-t", "load", "--records", "10", "--size", "2000", "-X",
                "max.request.size=1000")
            #expect(outcome.status == 1)
            #expect(outcome.lines.contains("failed       10"))
            #expect(outcome.lines.contains("  RECORD_TOO_LARGE: 10"))
        }
    }

    @Test func aTopicThatCannotBeHadIsSaid() async throws {
        let outcome = try await Program.run("perf", "-b", "127.0.0.1:1", "-t", "t", "-X", "max.block.ms=200")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("topic 't' not present in metadata after 200 ms"))
        #expect(outcome.output == "")
    }

    @Test func controlCEndsTheSendingAndShowsWhatWasMeasured() async throws {
        try await withBroker { address in
            // The topic is there before somebody listens to it.
            #expect(try await Program.run("send", "-b", address, "-t", "load", "first").status == 0)
            var child = try Program.start("perf", "-b", address, "-t", "load", "--rate", "100", "--html", "/dev/stdout")
            // Nothing is written before it ends: the broker is asked whether it has begun.
            var tail = try Program.start("tail", "-b", address, "load", "--from", "end", "-n", "1", "-o", "json")
            #expect(try tail.readLine() != nil)
            _ = try tail.finish()
            child.signal(SIGINT)
            let outcome = try child.finish(within: .seconds(20))
            #expect(outcome.status == 130)
            #expect(outcome.output.contains("records/s"))
        }
    }

    private func number(_ name: String, in object: String) -> Double? {
        guard let range = object.firstRange(of: "\"\(name)\":") else { return nil }
        return Double(object[range.upperBound...].prefix { !",}".contains($0) })
    }
}
