/// What `kafka-lua perf` has measured.
struct LoadResult: Sendable {
    var request: LoadRequest
    /// How many records were sent: fewer than were asked for when it was stopped.
    var sent: Int
    var figures: DeliveryFigures
    /// Time on processors, in the process and in the kernel for it, from the first record to the last acknowledgement.
    var processor: Duration
    /// The most memory that was resident at once.
    var peakBytes: Int

    var seconds: Double { max(Double(figures.elapsed) / 1e9, 1e-9) }
    var recordsPerSecond: Double { Double(figures.delivered) / seconds }
    /// By 10^6 bytes of keys and values.
    var megabytesPerSecond: Double { Double(figures.bytes) / seconds / 1e6 }
    var processorMicroseconds: Double { processor / .microseconds(1) / Double(max(1, sent)) }
}
