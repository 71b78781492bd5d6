/// What is measured of a producer as a whole (Java's SenderMetrics, KafkaProducerMetrics, BufferPool and
/// SelectorMetrics).
struct ClientSensors: SensorGroup {
    static let group = "producer-metrics"
    static let labelPrefix = "kafka.producer."

    // Each batch that is sent.
    /// Bytes on the wire.
    var batchSize = Sensor()
    var compressionRate = Sensor()
    /// Milliseconds from the creation of a batch until it is sent.
    var queueTime = Sensor()
    /// Bytes of records.
    var recordSize = Sensor()
    /// Bytes of the largest record.
    var largestRecord = Sensor()

    // Each produce request, and its answer.
    var recordsPerRequest = Sensor()
    /// Milliseconds.
    var requestLatency = Sensor()
    /// Milliseconds.
    var throttleTime = Sensor()

    // Records that do not get through at once.
    var retries = Sensor()
    var errors = Sensor()
    var batchSplits = Sensor()

    // Callers that wait, in nanoseconds, and those who waited in vain.
    var memoryWait = Sensor()
    var memoryExhaustion = Sensor()
    var flushTime = Sensor()
    var metadataWait = Sensor()

    // The network: bytes of each request and of each answer.
    var outgoing = Sensor()
    var incoming = Sensor()
    var networkIO = Sensor()
    var connectionCreation = Sensor()
    var connectionClose = Sensor()

    /// What is asked for rather than recorded.
    var gauges = Gauges()

    struct Gauges: Sendable {
        var requestsInFlight: Double?
        /// Seconds.
        var metadataAge: Double?
        var waitingThreads: Double?
        var bufferTotalBytes: Double?
        var bufferAvailableBytes: Double?
        var connectionCount: Double?
    }
}
