import KafkaProducer

/// How far a command is.
struct ProgressCounts: Equatable, Sendable {
    /// Records handed over.
    var sent = 0
    var delivered = 0
    var failed = 0
    /// Bytes of keys and values handed over; 0 where they are not counted.
    var bytes = 0
    /// The part that was handed over of all there is to send, from 0 to 1; nil where that is not known.
    var part: Double?

    init(sent: Int = 0, delivered: Int = 0, failed: Int = 0, bytes: Int = 0, part: Double? = nil) {
        (self.sent, self.delivered, self.failed, self.bytes, self.part) = (sent, delivered, failed, bytes, part)
    }

    /// The counts of producers' reports.
    init(_ reports: [DeliveryReport]) {
        for report in reports {
            sent += report.pending + report.delivered + report.failed
            delivered += report.delivered
            failed += report.failed
        }
    }

    /// What came since.
    func since(_ earlier: ProgressCounts) -> ProgressCounts {
        ProgressCounts(
            sent: sent - earlier.sent, delivered: delivered - earlier.delivered, failed: failed - earlier.failed,
            bytes: bytes - earlier.bytes, part: part)
    }
}
