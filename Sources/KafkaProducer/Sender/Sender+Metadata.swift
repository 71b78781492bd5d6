import DequeModule
import KafkaWire
import Logging
import NIOCore
import OrderedCollections

extension Sender {
    /// Notes that a topic is in use; returns whether metadata did not name it until now, and is wanted therefore.
    func want(_ topic: Topic) -> Bool {
        guard wanted.use(topic.name, at: eventLoop.now) else { return false }
        metadata.wantNewTopic()
        return true
    }

    /// Asks for metadata if it is wanted or too old, or sees to it that this is looked at again in time.
    func refreshMetadataIfDue() {
        let now = eventLoop.now
        guard !isClosing, let instant = metadata.nextQuestion(at: now) else { return }
        metadataTimer?.cancel()
        metadataTimer = nil
        if instant > now {
            metadataTimer = eventLoop.assumeIsolated().scheduleTask(deadline: instant) { self.refreshMetadataIfDue() }
            return
        }
        recovery.needed(at: now)
        watchRecovery()
        if nodes.isEmpty { bootstrap() }
        if let node = leastLoadedNode(at: now), let connection = node.connection { ask(node, connection) }
        // Otherwise a connection is on its way, or a pause before the next attempt: both come back here.
    }

    /// Sees to it that the sender starts again when nobody has answered for too long.
    private func watchRecovery() {
        guard recoveryTimer == nil, let deadline = recovery.deadline else { return }
        recoveryTimer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            recoveryTimer = nil
            guard recovery.isDue(at: eventLoop.now) else { return watchRecovery() }
            restart(because: "no metadata for metadata.recovery.rebootstrap.trigger.ms")
        }
    }

    private func ask(_ node: Node, _ connection: any BrokerLink) {
        let version: Int16
        do throws(KafkaError) {
            version = try connection.versions.version(of: .metadata, broker: node.address)
        } catch {
            return connection.close(error)
        }
        expireTopics()
        let asked = metadata.ask(at: eventLoop.now) == .allTopics ? wanted.names : wanted.newNames
        let request = MetadataRequest {
            $0.topics = asked.map { name in .init { $0.name = name } }
        }
        connection.call(request, version: version, timeout: configuration.requestTimeout) { [self] result in
            do throws(KafkaError) {
                let response = try result.get()
                throttle(node, for: response.throttleTimeMs, .metadata, version: version)
                let lesson = try cluster.learn(from: response, version: version, asked: asked)
                learned(lesson, asked: asked)
            } catch {
                failMetadata(error)
            }
        }
    }

    /// Leaves topics that nobody uses any more out of what is asked for.
    private func expireTopics() {
        let expired = wanted.expire(at: eventLoop.now) { name in
            let topic = topics.named(name)
            return (topic.useCount, topic.layout.current.queues.contains { $0.dispatch.isActive })
        }
        for name in expired {
            logger.debug("topic '\(name)' has not been used for metadata.max.idle.ms")
            cluster.forget(name)
            topics.named(name).expire()
        }
    }

    private func failMetadata(_ error: KafkaError) {
        // The end of its connection has told everybody.
        if error.isAuthenticationFailure { return }
        logger.debug("metadata: \(error)")
        noteNetworkError(error)
        if restartIfRequired(by: error) { return }
        metadata.failed(at: eventLoop.now, using: &generator)
        refreshMetadataIfDue()
    }

    private func learned(_ lesson: ClusterMetadata.Lesson, asked: [String]) {
        recovery.answered()
        sensors.updatedMetadata(at: eventLoop.now)
        reconcileNodes()
        for name in asked {
            wanted.answered(name)
            if let code = lesson.refused[name] {
                topics.named(name).fail(KafkaError(code, "topic '\(name)'"))
            } else if let code = lesson.missing[name] {
                topics.named(name).miss(KafkaError(code, "topic '\(name)'"))
            } else if let known = cluster.topics[name] {
                lead(topics.named(name), known)
            }
        }
        metadata.answered(
            at: eventLoop.now, isComplete: lesson.isComplete, isNews: lesson.isNews, using: &generator)
        refreshMetadataIfDue()
        reviewAll()
    }

    private func lead(_ topic: Topic, _ known: ClusterMetadata.Topic) {
        topic.update(known)
        for queue in topic.layout.current.queues {
            // A topic that was made again may have fewer partitions than it had.
            let index = Int(queue.partition)
            lead(queue, known.partitions.indices.contains(index) ? known.partitions[index] : nil)
        }
        publishLoad(of: topic, at: eventLoop.now)
    }

    private func lead(_ queue: PartitionQueue, _ partition: ClusterMetadata.Partition?) {
        queue.dispatch.leaderEpoch = partition?.leaderEpoch ?? -1
        let leader = partition?.leader ?? -1
        guard queue.dispatch.leader != leader else { return }
        nodes[queue.dispatch.leader]?.line.removeAll { $0 === queue }
        queue.dispatch.isQueued = false
        queue.dispatch.leader = leader
        queue.dispatch.skipBackoff()
        if queue.dispatch.isActive { review(queue, at: eventLoop.now) }
    }

    /// Uses the leaders that a produce response names, without asking for metadata (KIP-951).
    func learnLeaders(from response: ProduceResponse) {
        let moved = cluster.learnLeaders(from: response)
        guard !moved.isEmpty else { return }
        reconcileNodes()
        for key in moved {
            let queues = topics.named(key.topic).layout.current.queues
            let index = Int(key.partition)
            guard queues.indices.contains(index), let known = cluster.topics[key.topic] else { continue }
            lead(queues[index], known.partitions[index])
        }
    }
}
