/// A line of the table of metrics: what a metric is called, and how it comes from the sensors of its group.
struct MetricDefinition<Sensors: SensorGroup>: Sendable {
    typealias SensorPath = any WritableKeyPath<Sensors, Sensor> & Sendable
    typealias GaugePath = any KeyPath<Sensors, Double?> & Sendable

    enum Reading: Sendable {
        case statistic(Statistic, of: SensorPath)
        case gauge(GaugePath)
    }

    let description: MetricDescription
    let reading: Reading

    init(_ name: String, _ statistic: Statistic, of sensor: SensorPath, _ unit: MetricUnit, _ text: String) {
        description = MetricDescription(name: name, group: Sensors.group, unit: unit, text: text)
        reading = .statistic(statistic, of: sensor)
    }

    init(_ name: String, gauge: GaugePath, _ unit: MetricUnit, _ text: String) {
        description = MetricDescription(name: name, group: Sensors.group, unit: unit, text: text)
        reading = .gauge(gauge)
    }
}
