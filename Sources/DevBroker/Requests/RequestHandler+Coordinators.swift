import KafkaWire

extension RequestHandler {
    /// Names the nodes that coordinate groups or transactional ids.
    func findCoordinator(_ request: FindCoordinatorRequest, version: Int16) -> FindCoordinatorResponse {
        guard version >= 4 else {
            let coordinator = coordinator(of: request.key, type: request.keyType)
            return FindCoordinatorResponse {
                $0.errorCode = coordinator.errorCode
                $0.errorMessage = coordinator.errorMessage
                $0.nodeId = coordinator.nodeId
                $0.host = coordinator.host
                $0.port = coordinator.port
            }
        }
        return FindCoordinatorResponse {
            $0.coordinators = request.coordinatorKeys.map { coordinator(of: $0, type: request.keyType) }
        }
    }

    private func coordinator(of key: String, type: Int8) -> FindCoordinatorResponse.Coordinator {
        do throws(Refusal) {
            guard [FindCoordinatorRequest.group, FindCoordinatorRequest.transaction].contains(type) else {
                throw Refusal(.invalidRequest, "no node coordinates keys of type \(type)")
            }
            try refuseOnDemand(.findCoordinator)
            let id = cluster.coordinator(of: CoordinatorPlaces.Key(type: type, name: key))
            guard let node = cluster.nodes.first(where: { $0.nodeId == id }) else {
                throw Refusal(.coordinatorNotAvailable, "node \(id) does not listen yet")
            }
            return FindCoordinatorResponse.Coordinator {
                $0.key = key
                $0.nodeId = node.nodeId
                $0.host = node.host
                $0.port = Int32(node.port)
            }
        } catch {
            return FindCoordinatorResponse.Coordinator {
                $0.key = key
                $0.nodeId = -1
                $0.port = -1
                $0.errorCode = error.code
                $0.errorMessage = error.message
            }
        }
    }

    /// Does what only the coordinator of a key does, unless something is to go wrong with it.
    func coordinate<Result>(
        _ key: CoordinatorPlaces.Key, _ api: APIKey, _ body: () throws(Refusal) -> Result
    ) throws(Refusal) -> Result {
        let fault = nextFault(.part, of: api)
        if fault == .moveLeader { cluster.moveCoordinator(of: key, to: cluster.node(after: node)) }
        let coordinator = cluster.coordinator(of: key)
        guard coordinator == node else {
            throw Refusal(.notCoordinator, "node \(coordinator) coordinates '\(key.name)', not node \(node)")
        }
        if case .error(let code) = fault { throw Refusal(code, Refusal.onDemand) }
        let result = try body()
        if case .errorAfterAppend(let code) = fault { throw Refusal(code, Refusal.onDemand) }
        return result
    }

    /// How something becomes part of a transaction: by itself from a version of its request on (KIP-890), else by a
    /// request. What was not added is refused by TRANSACTION_ABORTABLE from a version on.
    func addition(
        implicitFrom: Int16, abortableFrom: Int16, version: Int16
    ) -> TransactionCoordinator.Addition {
        if version >= implicitFrom, configuration.transactionVersion >= 2 { return .implicit }
        return .required(version >= abortableFrom ? .transactionAbortable : .invalidTxnState)
    }
}
