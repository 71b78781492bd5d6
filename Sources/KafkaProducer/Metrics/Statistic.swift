/// What is made of the values that a sensor was given.
enum Statistic: Sendable {
    case average
    case maximum
    /// The sum, a second.
    case rate
    /// The sum since the producer was made.
    case total
    case eventRate
    case eventTotal
    /// Of nanoseconds: the share of time that they make up.
    case ratio
}
