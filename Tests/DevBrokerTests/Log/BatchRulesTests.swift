import KafkaWire
import Testing

@testable import DevBroker

@Suite struct BatchRulesTests {
    private static let rules = BatchRules(maxBytes: 1000, readsRecords: true, version: 9)
    private static let good = TestBatch("a", "b", "c")

    private func refusal(of bytes: [UInt8], by rules: BatchRules = rules) -> Refusal? {
        do throws(Refusal) {
            _ = try rules.check(bytes.span.bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: Compression.allCases) func aGoodBatchIsTaken(codec: Compression) throws {
        let bytes = try Self.good.with { $0.codec = codec }.bytes
        let header = try Self.rules.check(bytes.span.bytes)
        #expect(header.byteCount == bytes.count)
        #expect(header.lastOffsetDelta == 2)
        #expect(!header.hasProducer)
    }

    struct Fault: CustomTestStringConvertible {
        var what: String
        var code: ErrorCode
        var change: @Sendable (inout TestBatch) -> Void

        var testDescription: String { what }
    }

    static let faults = [
        Fault(what: "checksum", code: .corruptMessage) { $0.checksumError = 1 },
        Fault(what: "length too large", code: .corruptMessage) { $0.lengthError = 1 },
        Fault(what: "length too small", code: .invalidRecord) { $0.lengthError = -1 },
        Fault(what: "length below the header's", code: .corruptMessage) { $0.lengthError = -60 },
        Fault(what: "negative length", code: .corruptMessage) { $0.lengthError = .min },
        Fault(what: "magic 1", code: .invalidRecord) { $0.magic = 1 },
        Fault(what: "no records", code: .invalidRecord) { $0.recordsCount = 0 },
        Fault(what: "negative count", code: .invalidRecord) { $0.recordsCount = .min },
        Fault(what: "count larger than the records", code: .invalidRecord) {
            $0.recordsCount = 4
            $0.lastOffsetDelta = 3
        },
        Fault(what: "count smaller than the records", code: .invalidRecord) {
            $0.recordsCount = 2
            $0.lastOffsetDelta = 1
        },
        Fault(what: "last offset delta", code: .invalidRecord) { $0.lastOffsetDelta = 3 },
        Fault(what: "offset deltas", code: .invalidRecord) { $0.offsetDeltaError = 1 },
        Fault(what: "base offset", code: .invalidRecord) { $0.baseOffset = 5 },
        Fault(what: "time of the append", code: .invalidTimestamp) { $0.flags = 0x08 },
        Fault(what: "transactional", code: .invalidTxnState) { $0.flags = 0x10 },
        Fault(what: "control", code: .invalidRecord) { $0.flags = 0x20 },
        Fault(what: "unknown codec", code: .unsupportedCompressionType) { $0.flags = 0x07 },
        Fault(what: "codec without compressed bytes", code: .corruptMessage) { $0.flags = 0x04 },
        Fault(what: "producer without sequence", code: .invalidRecord) {
            $0.producerId = 1
            $0.epoch = 0
        },
        Fault(what: "producer without epoch", code: .invalidRecord) {
            $0.producerId = 1
            $0.sequence = 0
        },
        Fault(what: "size", code: .messageTooLarge) { $0.values[0] = String(repeating: "x", count: 1000) },
    ]

    @Test(arguments: faults) func aFaultyBatchIsRefused(fault: Fault) throws {
        let bytes = try Self.good.with(fault.change).bytes
        #expect(refusal(of: bytes)?.code == fault.code)
    }

    @Test func theRecordToBlameIsNamed() throws {
        let bytes = try Self.good.with { $0.offsetDeltaError = 1 }.bytes
        #expect(refusal(of: bytes)?.recordIndexes == [0])
    }

    @Test func zstdNeedsProduce7() throws {
        let bytes = try Self.good.with { $0.codec = .zstd }.bytes
        let old = BatchRules(maxBytes: 1000, readsRecords: true, version: 6)
        #expect(refusal(of: bytes, by: old)?.code == .unsupportedCompressionType)
    }

    @Test func aSecondBatchIsRefused() throws {
        let bytes = try Self.good.bytes
        #expect(refusal(of: bytes + bytes)?.code == .invalidRecord)
    }

    @Test func aBatchCutOffAnywhereIsRefused() throws {
        let bytes = try Self.good.bytes
        for count in 0..<bytes.count { #expect(refusal(of: Array(bytes[..<count])) != nil) }
    }

    @Test func eachDamagedByteUnderTheChecksumIsNoticed() throws {
        let bytes = try Self.good.bytes
        for index in RecordBatchLayout.attributes..<bytes.count {
            var damaged = bytes
            damaged[index] ^= 0x40
            #expect(refusal(of: damaged) != nil)
        }
    }

    @Test func withoutReadingRecordsTheHeaderIsLookedAtAlone() throws {
        let rules = BatchRules(maxBytes: 1000, readsRecords: false, version: 9)
        let damaged = try Self.good.with { $0.checksumError = 1 }.bytes
        #expect(refusal(of: damaged, by: rules) == nil)
        let miscounted = try Self.good.with { $0.lastOffsetDelta = 3 }.bytes
        #expect(refusal(of: miscounted, by: rules)?.code == .invalidRecord)
    }
}
