/// Which engine the commands use.
enum Engines {
    static let current: any Engine = KafkaEngine()
}
