import KafkaWire
import Testing

@testable import Benchmarks

@Suite struct BenchmarkCaseTests {
    @Test func eachCaseHasANameOfItsOwn() {
        let names = BenchmarkCase.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func wordsPickCasesByAnyPartOfTheirNames() {
        #expect(BenchmarkCase.matching([]).count == BenchmarkCase.all.count)
        #expect(BenchmarkCase.matching(["value-1"]).map(\.name) == ["value-10", "value-1k", "value-10k"])
        #expect(BenchmarkCase.matching(["keyed", "gzip"]).map(\.name) == ["keyed", "gzip"])
        #expect(BenchmarkCase.matching(["nothing"]).isEmpty)
    }

    @Test(arguments: BenchmarkCase.all.filter { $0.plugin == nil }.map(\.name))
    func contendersHaveTheSameSettings(name: String) throws {
        let benchmark = try #require(BenchmarkCase.named(name))
        let own = benchmark.configuration.filter { $0.key != "buffer.memory" && !$0.key.hasSuffix(".level") }
        #expect(own == benchmark.librdkafkaConfiguration.filter { $0.key != "compression.level" })
        let levels = [benchmark.configuration, benchmark.librdkafkaConfiguration].map { settings in
            settings.first { $0.key.hasSuffix(".level") }?.value
        }
        #expect(levels[0] == levels[1])
    }

    @Test(arguments: BenchmarkCase.all.filter { $0.keys > 0 }.map(\.name))
    func keysUseAllPartitions(name: String) throws {
        let benchmark = try #require(BenchmarkCase.named(name))
        let partitions = Payload.keys(benchmark.keys).items.map { key in
            key.withUnsafeBytes { Murmur2.toPositive(Murmur2.hash($0)) } % Int32(benchmark.partitions)
        }
        #expect(Set(partitions).count == benchmark.partitions)
        #expect(benchmark.records >= benchmark.keys)
    }

    @Test func payloadsAreTheSameInEachRun() {
        let values = Payload.values(bytes: 100)
        #expect(values.bytes == Payload.values(bytes: 100).bytes)
        #expect(values.items.count == 1_000)
        #expect(values.items.allSatisfy { $0.count == 100 })
        #expect(Payload.keys(2).items.map { String(decoding: $0, as: UTF8.self) } == ["key-000000", "key-000001"])
        #expect(Payload.keys(0).items.isEmpty)
    }
}
