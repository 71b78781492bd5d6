public import KafkaProducer
public import Logging

/// What a script is given by its surroundings.
public struct ScriptOptions: Sendable {
    /// Kafka's dotted keys: where `kafka.producer{}` and the globals start from.
    public var properties: [(key: String, value: String)]
    /// Takes what `print` writes.
    public var output: @Sendable (String) -> Void
    /// Takes what goes wrong in a callback, which has no caller that it could be thrown to.
    public var report: @Sendable (any Error) -> Void
    /// Takes the deliveries of the globals' producer, as a prompt shows them; nil shows none.
    public var onDeliveries: (@Sendable ([Delivery]) -> Void)?
    /// Makes a callback for a record that is about to be sent, for programs that measure; nil measures nothing. Called on
    /// the script's thread, and those of its workers.
    public var measure: (@Sendable () -> DeliveryCallback)?
    public var logger: Logger
    /// A signal such as `SIGURG` that the program has no other use for, by which running scripts are interrupted: they
    /// are faster than those that have to look whether they are. Nil leaves signals alone.
    public var interruptSignal: Int32?

    /// A delivery as a prompt shows it.
    public struct Delivery: Sendable {
        public var topic: String
        /// −1 if none was chosen.
        public var partition: Int32
        public var offset: Int64
        public var error: String?
    }

    public init(
        properties: [(key: String, value: String)], logger: Logger = Logger(label: "kafka-lua"),
        output: @escaping @Sendable (String) -> Void, report: @escaping @Sendable (any Error) -> Void
    ) {
        self.properties = properties
        self.logger = logger
        self.output = output
        self.report = report
    }
}
