import KafkaWire

/// Finishes batches for the wire: compresses the records, writes the header, sums it up.
struct BatchEncoder: ~Copyable {
    private let codec: Compression
    private var compressor: Compressor?
    private let isTransactional: Bool

    /// - Throws: `KafkaError` of kind `configuration` if the codec does not take the level.
    init(_ settings: CompressionSettings, isTransactional: Bool = false) throws(KafkaError) {
        self.isTransactional = isTransactional
        codec = settings.type
        guard codec != .none else { return }
        do {
            compressor = try Compressor(codec, level: settings.level)
        } catch {
            throw KafkaError(.configuration, "compression.type=\(codec.name): \(error)")
        }
    }

    /// Gives a batch the bytes that go out. A batch that is repeated keeps its records and gets a new header.
    /// - Throws: `KafkaError` of kind `serialization` if the codec's library fails.
    mutating func encode(_ batch: Batch) throws(KafkaError) {
        guard let chunk = batch.chunk else { return }
        if let former = batch.wire {
            // A socket may still be reading the former bytes: they are left as they are.
            if batch.writesUnderWay > 0 { batch.wire = former.copy() }
        } else {
            batch.wire = try records(of: batch, chunk)
        }
        guard let wire = batch.wire, let start = wire.bytes.baseAddress else { return }
        batch.writer.writeHeader(
            to: start, count: wire.count, codec: codec.rawValue, isTransactional: isTransactional,
            producerId: batch.identity?.id ?? -1, producerEpoch: batch.identity?.epoch ?? -1,
            baseSequence: batch.identity == nil ? -1 : batch.baseSequence)
        RecordBatchWriter.seal(wire.bytes)
    }

    private mutating func records(of batch: Batch, _ chunk: Chunk) throws(KafkaError) -> WireBatch {
        let headerSize = RecordBatchLayout.headerSize
        guard let room = compressor?.maximumCompressedSize(batch.size - headerSize) else {
            return WireBatch(chunk: chunk, count: batch.size)
        }
        let output = Chunk(capacity: headerSize + room)
        do {
            let size = try compressor?.compress(
                UnsafeRawBufferPointer(rebasing: chunk.memory[headerSize..<batch.size]),
                into: UnsafeMutableRawBufferPointer(rebasing: output.memory[headerSize...]))
            return WireBatch(chunk: output, count: headerSize + (size ?? 0))
        } catch {
            throw KafkaError(.serialization, "compressing a batch with \(codec.name): \(error)")
        }
    }
}

/// A batch as it goes out: at the beginning of a chunk, its own or that of its compressed form.
struct WireBatch {
    let chunk: Chunk
    let count: Int

    var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: chunk.memory[..<count]) }

    func copy() -> WireBatch {
        let copy = Chunk(capacity: count)
        copy.memory.copyMemory(from: UnsafeRawBufferPointer(bytes))
        return WireBatch(chunk: copy, count: count)
    }
}
