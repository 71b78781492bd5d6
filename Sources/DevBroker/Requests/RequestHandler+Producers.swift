import KafkaWire

extension RequestHandler {
    /// Gives an idempotent producer an id of its own, with epoch 0.
    func initProducerId(_ request: InitProducerIdRequest, version: Int16) -> InitProducerIdResponse {
        do throws(Refusal) {
            guard request.transactionalId == nil else {
                // A refusal that clients do not repeat.
                throw Refusal(.transactionalIdAuthorizationFailed, "transactions are not spoken here")
            }
            try refuseOnDemand(.initProducerId)
            let producerId = try cluster.newProducerId()
            return InitProducerIdResponse { $0.producerId = producerId }
        } catch {
            return InitProducerIdResponse {
                $0.errorCode = error.code
                $0.producerEpoch = -1
            }
        }
    }

    /// Names the node that coordinates a group or a transactional id: always the same one for the same key.
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
        let nodes = cluster.liveNodes
        let hash = Murmur2.hash(Array(key.utf8).span.bytes) & .max
        guard [FindCoordinatorRequest.group, FindCoordinatorRequest.transaction].contains(type), !nodes.isEmpty else {
            return FindCoordinatorResponse.Coordinator {
                $0.key = key
                $0.nodeId = -1
                $0.port = -1
                $0.errorCode = .invalidRequest
                $0.errorMessage = "no node coordinates keys of type \(type)"
            }
        }
        let node = nodes[Int(hash) % nodes.count]
        return FindCoordinatorResponse.Coordinator {
            $0.key = key
            $0.nodeId = node.nodeId
            $0.host = node.host
            $0.port = Int32(node.port)
        }
    }
}
