import KafkaProducer
import LuaRuntime

extension Failure {
    /// An error of a script, with its place and traceback.
    init(script error: any Error) {
        switch error {
        case let error as LuaError: self.init(error.description, traceback: Traceback.ownFrames(error.traceback))
        case let error as KafkaError: self.init(error)
        default: self.init("\(error)")
        }
    }
}
