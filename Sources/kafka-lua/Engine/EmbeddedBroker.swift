import DevBroker
import KafkaProducer

/// A broker in this process.
final class EmbeddedBroker: RunningBroker, Sendable {
    private let broker: DevBroker

    init(_ configuration: DevBrokerConfiguration) throws(Failure) {
        broker = DevBroker(configuration)
        do throws(DevBrokerError) {
            try broker.startBlocking()
        } catch {
            throw Failure("\(error)")
        }
    }

    /// A broker in memory for scripts and the prompt: on the usual port, where other terminals find it, or on any.
    static func forScripts() throws(Failure) -> EmbeddedBroker {
        var configuration = DevBrokerConfiguration()
        configuration.port = 9092
        do throws(Failure) {
            return try EmbeddedBroker(configuration)
        } catch {
            configuration.port = 0
            return try EmbeddedBroker(configuration)
        }
    }

    var addresses: [String] { broker.addresses.map(\.description) }

    func stop() { try? broker.shutdownBlocking() }
}

extension BrokerRequest {
    /// - Throws: `Failure` if the faults cannot be, or the file of users.
    func configuration() throws(Failure) -> DevBrokerConfiguration {
        var configuration = DevBrokerConfiguration()
        configuration.nodes = brokers
        configuration.port = port
        configuration.partitionsPerTopic = Int(partitions)
        configuration.dataDirectory = dataFolder
        configuration.discard = discards
        configuration.transactionVersion = transactionVersion
        configuration.tls = tls?.configuration
        configuration.sasl = try sasl?.configuration()
        do throws(DevBrokerError) {
            if let faults { configuration.faults = try Faults(parsing: faults) }
        } catch {
            throw Failure("--faults: \(error)", exitCode: 2)
        }
        return configuration
    }
}

extension BrokerRequest.TLS {
    fileprivate var configuration: DevBrokerConfiguration.TLS {
        var configuration = DevBrokerConfiguration.TLS(certificateFile: certificateFile, keyFile: keyFile)
        configuration.clientCAFile = clientCAFile
        configuration.clientAuthentication = .init(rawValue: clientAuthentication) ?? .none
        return configuration
    }
}

extension BrokerRequest.SASL {
    fileprivate func configuration() throws(Failure) -> DevBrokerConfiguration.SASL {
        var users = users
        if let usersFile { try users.add(file: SourceFile.bytes(usersFile), path: usersFile) }
        var configuration = DevBrokerConfiguration.SASL(users: users.passwords.mapValues { .init($0.value) })
        if let mechanisms { configuration.mechanisms = mechanisms.compactMap { .init(rawValue: $0) } }
        if let sessionLifetimeMs { configuration.sessionLifetimeMs = sessionLifetimeMs }
        return configuration
    }
}
