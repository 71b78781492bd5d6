import KafkaWire
import Logging
import NIOCore

extension Sender {
    /// Whether batches may be numbered; asks for an identity if there is none yet.
    func hasIdentity() -> Bool {
        switch identity {
        case .notNeeded, .known: return true
        case .needed:
            // That of a transactional producer comes with `initTransactions`.
            if transaction == nil { askForIdentity() }
            return false
        case .asking, .refused: return false
        }
    }

    /// A partition cannot go on under the present epoch: the next one is begun, for all partitions that ask (KIP-360).
    func renewIdentityIfSpent(_ queue: PartitionQueue) {
        // A transaction is aborted instead, and the coordinator gives the next epoch.
        guard transaction == nil, let current = identity.current, queue.dispatch.spentIdentity == current else {
            return
        }
        if let next = current.bumped {
            logger.info("\(queue.name): sequence lost, going on with epoch \(next.epoch)")
            identity = .known(next)
        } else {
            identity = .needed
        }
        eventLoop.execute { self.reviewAll() }
    }

    private func askForIdentity() {
        guard let node = leastLoadedNode(at: eventLoop.now), let connection = node.connection else { return }
        let version: Int16
        do throws(KafkaError) {
            version = try connection.versions.version(of: .initProducerId, broker: node.address)
        } catch {
            return refuse(error)
        }
        identity = .asking
        // The time-out has no meaning without transactions; brokers refuse 0 all the same.
        let request = InitProducerIdRequest { $0.transactionTimeoutMs = .max }
        connection.call(request, version: version, timeout: configuration.requestTimeout) { [self] result in
            if case .success(let response) = result {
                throttle(node, for: response.throttleTimeMs, .initProducerId, version: version)
            }
            switch result {
            case .success(let response) where response.errorCode == .none:
                identity = .known(ProducerIdentity(id: response.producerId, epoch: response.producerEpoch))
                reviewAll()
            case .success(let response) where !response.errorCode.isRetriable:
                refuse(KafkaError(response.errorCode, "no producer id"))
            default:
                identity = .needed
                eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(configuration.retryBackoff)) {
                    if self.identity == .needed { self.reviewAll() }
                }
            }
        }
    }

    /// Nothing can be sent without an identity: what waits for it fails.
    private func refuse(_ error: KafkaError) {
        identity = .refused(error)
        failEverything(error)
    }
}
