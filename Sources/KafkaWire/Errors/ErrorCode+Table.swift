extension ErrorCode {
    /// Row `code + 1` describes `code`, since the first one is −1.
    static let table: [Row] = [
        Row(.unknownServerError, "UNKNOWN_SERVER_ERROR", "the broker failed in a way that it has no code for"),
        Row(.none, "NONE", "no error"),
        Row(.offsetOutOfRange, "OFFSET_OUT_OF_RANGE", "the partition does not have this offset"),
        Row(
            .corruptMessage, "CORRUPT_MESSAGE", retry: .retriable,
            "a record batch was damaged on its way, or has no key for a compacted topic"),
        Row(
            .unknownTopicOrPartition, "UNKNOWN_TOPIC_OR_PARTITION", retry: .staleMetadata,
            "the broker does not have this topic or partition"),
        Row(.invalidFetchSize, "INVALID_FETCH_SIZE", "the fetch size is not valid"),
        Row(
            .leaderNotAvailable, "LEADER_NOT_AVAILABLE", retry: .staleMetadata,
            "the partition has no leader at the moment"),
        Row(
            .notLeaderOrFollower, "NOT_LEADER_OR_FOLLOWER", retry: .staleMetadata,
            "the broker does not lead this partition, or has no copy of it"),
        Row(.requestTimedOut, "REQUEST_TIMED_OUT", retry: .retriable, "the broker did not finish in time"),
        Row(.brokerNotAvailable, "BROKER_NOT_AVAILABLE", "the broker is not there"),
        Row(
            .replicaNotAvailable, "REPLICA_NOT_AVAILABLE", retry: .staleMetadata,
            "the copy of the partition is not there"),
        Row(.messageTooLarge, "MESSAGE_TOO_LARGE", "a record batch is larger than the topic takes (max.message.bytes)"),
        Row(.staleControllerEpoch, "STALE_CONTROLLER_EPOCH", "the controller has moved to another broker"),
        Row(
            .offsetMetadataTooLarge, "OFFSET_METADATA_TOO_LARGE",
            "the text that goes with a committed offset is too long"),
        Row(
            .networkException, "NETWORK_EXCEPTION", retry: .staleMetadata,
            "the connection was lost before the answer came"),
        Row(
            .coordinatorLoadInProgress, "COORDINATOR_LOAD_IN_PROGRESS", retry: .retriable,
            "the coordinator is still loading its state"),
        Row(
            .coordinatorNotAvailable, "COORDINATOR_NOT_AVAILABLE", retry: .retriable,
            "there is no coordinator at the moment"),
        Row(.notCoordinator, "NOT_COORDINATOR", retry: .retriable, "the broker is not the coordinator"),
        Row(
            .invalidTopicException, "INVALID_TOPIC_EXCEPTION",
            "the topic's name is not valid, or the topic is not for clients to write to"),
        Row(
            .recordListTooLarge, "RECORD_LIST_TOO_LARGE",
            "a record batch is larger than a segment of the log (segment.bytes)"),
        Row(
            .notEnoughReplicas, "NOT_ENOUGH_REPLICAS", retry: .retriable,
            "fewer replicas are in sync than the topic asks for (min.insync.replicas); nothing was written"),
        Row(
            .notEnoughReplicasAfterAppend, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", retry: .retriable,
            "written, but to fewer replicas than the topic asks for (min.insync.replicas)"),
        Row(.invalidRequiredAcks, "INVALID_REQUIRED_ACKS", "acks is none of 0, 1 and -1"),
        Row(.illegalGeneration, "ILLEGAL_GENERATION", "the generation of the consumer group is not the current one"),
        Row(
            .inconsistentGroupProtocol, "INCONSISTENT_GROUP_PROTOCOL",
            "the member shares no protocol with the rest of the consumer group"),
        Row(.invalidGroupId, "INVALID_GROUP_ID", "the name of the consumer group is not valid"),
        Row(.unknownMemberId, "UNKNOWN_MEMBER_ID", "the coordinator does not know this member of the consumer group"),
        Row(
            .invalidSessionTimeout, "INVALID_SESSION_TIMEOUT",
            "the session timeout is outside the range that the broker allows"),
        Row(.rebalanceInProgress, "REBALANCE_IN_PROGRESS", "the consumer group is being rebalanced: join it again"),
        Row(.invalidCommitOffsetSize, "INVALID_COMMIT_OFFSET_SIZE", "the offsets to commit are too large"),
        Row(.topicAuthorizationFailed, "TOPIC_AUTHORIZATION_FAILED", "not allowed to do this with the topic"),
        Row(.groupAuthorizationFailed, "GROUP_AUTHORIZATION_FAILED", "not allowed to do this with the consumer group"),
        Row(.clusterAuthorizationFailed, "CLUSTER_AUTHORIZATION_FAILED", "not allowed to do this with the cluster"),
        Row(
            .invalidTimestamp, "INVALID_TIMESTAMP",
            "a record's timestamp is too far from the broker's clock, or of the wrong type"),
        Row(.unsupportedSaslMechanism, "UNSUPPORTED_SASL_MECHANISM", "the broker does not have this SASL mechanism"),
        Row(.illegalSaslState, "ILLEGAL_SASL_STATE", "the request does not fit the state of the SASL exchange"),
        Row(.unsupportedVersion, "UNSUPPORTED_VERSION", "the broker does not speak this version of the request"),
        Row(.topicAlreadyExists, "TOPIC_ALREADY_EXISTS", "there is a topic of this name already"),
        Row(.invalidPartitions, "INVALID_PARTITIONS", "the number of partitions is not valid"),
        Row(
            .invalidReplicationFactor, "INVALID_REPLICATION_FACTOR",
            "the replication factor is below 1 or above the number of brokers"),
        Row(
            .invalidReplicaAssignment, "INVALID_REPLICA_ASSIGNMENT",
            "the assignment of replicas to brokers is not valid"),
        Row(.invalidConfig, "INVALID_CONFIG", "a configuration value is not valid"),
        Row(.notController, "NOT_CONTROLLER", retry: .retriable, "the broker is not the cluster's controller"),
        Row(.invalidRequest, "INVALID_REQUEST", "the broker could not make sense of the request"),
        Row(
            .unsupportedForMessageFormat, "UNSUPPORTED_FOR_MESSAGE_FORMAT",
            "the topic's message format is too old for this request"),
        Row(.policyViolation, "POLICY_VIOLATION", "a policy of the cluster forbids this"),
        Row(
            .outOfOrderSequenceNumber, "OUT_OF_ORDER_SEQUENCE_NUMBER",
            "the batch is not the next one of its producer: an earlier one is missing"),
        Row(.duplicateSequenceNumber, "DUPLICATE_SEQUENCE_NUMBER", "the batch has been written before"),
        Row(
            .invalidProducerEpoch, "INVALID_PRODUCER_EPOCH",
            "the producer's epoch is older than the one that the broker knows"),
        Row(.invalidTxnState, "INVALID_TXN_STATE", "the transaction is in no state for this operation"),
        Row(
            .invalidProducerIdMapping, "INVALID_PRODUCER_ID_MAPPING",
            "the producer id does not belong to this transactional id"),
        Row(
            .invalidTransactionTimeout, "INVALID_TRANSACTION_TIMEOUT",
            "the transaction timeout is above the broker's limit (transaction.max.timeout.ms)"),
        Row(
            .concurrentTransactions, "CONCURRENT_TRANSACTIONS", retry: .retriable,
            "an earlier operation on this transaction is still under way"),
        Row(
            .transactionCoordinatorFenced, "TRANSACTION_COORDINATOR_FENCED",
            "a newer transaction coordinator has taken over"),
        Row(
            .transactionalIdAuthorizationFailed, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
            "not allowed to use this transactional id"),
        Row(.securityDisabled, "SECURITY_DISABLED", "the broker has no authorizer"),
        Row(
            .operationNotAttempted, "OPERATION_NOT_ATTEMPTED",
            "not tried, because another part of the same request failed"),
        Row(.kafkaStorageError, "KAFKA_STORAGE_ERROR", retry: .staleMetadata, "the broker's disk failed"),
        Row(.logDirNotFound, "LOG_DIR_NOT_FOUND", "the broker has no such log directory"),
        Row(.saslAuthenticationFailed, "SASL_AUTHENTICATION_FAILED", "the broker refused the credentials"),
        Row(.unknownProducerId, "UNKNOWN_PRODUCER_ID", "the broker has no state for this producer any more"),
        Row(.reassignmentInProgress, "REASSIGNMENT_IN_PROGRESS", "the partition is being moved to other brokers"),
        Row(
            .delegationTokenAuthDisabled, "DELEGATION_TOKEN_AUTH_DISABLED",
            "the broker does not use delegation tokens"),
        Row(.delegationTokenNotFound, "DELEGATION_TOKEN_NOT_FOUND", "the broker does not know this delegation token"),
        Row(
            .delegationTokenOwnerMismatch, "DELEGATION_TOKEN_OWNER_MISMATCH",
            "the delegation token belongs to somebody else"),
        Row(
            .delegationTokenRequestNotAllowed, "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED",
            "delegation tokens are not given out over this kind of connection"),
        Row(
            .delegationTokenAuthorizationFailed, "DELEGATION_TOKEN_AUTHORIZATION_FAILED",
            "not allowed to do this with the delegation token"),
        Row(.delegationTokenExpired, "DELEGATION_TOKEN_EXPIRED", "the delegation token has expired"),
        Row(.invalidPrincipalType, "INVALID_PRINCIPAL_TYPE", "the broker does not have this type of principal"),
        Row(.nonEmptyGroup, "NON_EMPTY_GROUP", "the consumer group still has members"),
        Row(.groupIdNotFound, "GROUP_ID_NOT_FOUND", "there is no consumer group of this name"),
        Row(
            .fetchSessionIdNotFound, "FETCH_SESSION_ID_NOT_FOUND", retry: .retriable,
            "the broker has forgotten the fetch session"),
        Row(
            .invalidFetchSessionEpoch, "INVALID_FETCH_SESSION_EPOCH", retry: .retriable,
            "the fetch session's epoch is not the expected one"),
        Row(
            .listenerNotFound, "LISTENER_NOT_FOUND", retry: .staleMetadata,
            "the leader does not listen where this client connects"),
        Row(
            .topicDeletionDisabled, "TOPIC_DELETION_DISABLED",
            "the broker does not delete topics (delete.topic.enable)"),
        Row(
            .fencedLeaderEpoch, "FENCED_LEADER_EPOCH", retry: .staleMetadata,
            "the request knows an older leader than the broker"),
        Row(
            .unknownLeaderEpoch, "UNKNOWN_LEADER_EPOCH", retry: .retriable,
            "the request knows a newer leader than the broker"),
        Row(
            .unsupportedCompressionType, "UNSUPPORTED_COMPRESSION_TYPE",
            "this version of the request does not allow the compression type"),
        Row(.staleBrokerEpoch, "STALE_BROKER_EPOCH", "the broker has been registered anew"),
        Row(
            .offsetNotAvailable, "OFFSET_NOT_AVAILABLE", retry: .retriable,
            "a new leader does not know its high watermark yet"),
        Row(.memberIdRequired, "MEMBER_ID_REQUIRED", "join the consumer group again with the member id that was given"),
        Row(
            .preferredLeaderNotAvailable, "PREFERRED_LEADER_NOT_AVAILABLE", retry: .staleMetadata,
            "the preferred leader is not there"),
        Row(.groupMaxSizeReached, "GROUP_MAX_SIZE_REACHED", "the consumer group is full"),
        Row(.fencedInstanceId, "FENCED_INSTANCE_ID", "another member has taken this group.instance.id"),
        Row(
            .eligibleLeadersNotAvailable, "ELIGIBLE_LEADERS_NOT_AVAILABLE", retry: .staleMetadata,
            "no replica that could lead is there"),
        Row(
            .electionNotNeeded, "ELECTION_NOT_NEEDED", retry: .staleMetadata,
            "the partition has the leader that it should have"),
        Row(.noReassignmentInProgress, "NO_REASSIGNMENT_IN_PROGRESS", "the partition is not being moved"),
        Row(.groupSubscribedToTopic, "GROUP_SUBSCRIBED_TO_TOPIC", "the consumer group still reads this topic"),
        Row(.invalidRecord, "INVALID_RECORD", "the broker refused a record"),
        Row(
            .unstableOffsetCommit, "UNSTABLE_OFFSET_COMMIT", retry: .retriable,
            "a transaction has offsets of this group that are not settled yet"),
        Row(
            .throttlingQuotaExceeded, "THROTTLING_QUOTA_EXCEEDED", retry: .retriable,
            "the client has used up its quota for now"),
        Row(.producerFenced, "PRODUCER_FENCED", "a newer producer with the same transactional id has taken over"),
        Row(.resourceNotFound, "RESOURCE_NOT_FOUND", "the request names something that does not exist"),
        Row(.duplicateResource, "DUPLICATE_RESOURCE", "the request names the same thing twice"),
        Row(.unacceptableCredential, "UNACCEPTABLE_CREDENTIAL", "the credential does not meet the broker's rules"),
        Row(.inconsistentVoterSet, "INCONSISTENT_VOTER_SET", "sender or receiver is not one of the voters"),
        Row(.invalidUpdateVersion, "INVALID_UPDATE_VERSION", "the version to update to is not valid"),
        Row(.featureUpdateFailed, "FEATURE_UPDATE_FAILED", "the cluster's features could not be updated"),
        Row(
            .principalDeserializationFailure, "PRINCIPAL_DESERIALIZATION_FAILURE",
            "a broker could not read the principal that another one forwarded"),
        Row(.snapshotNotFound, "SNAPSHOT_NOT_FOUND", "there is no such snapshot"),
        Row(.positionOutOfRange, "POSITION_OUT_OF_RANGE", "the position lies outside the snapshot"),
        Row(
            .unknownTopicId, "UNKNOWN_TOPIC_ID", retry: .staleMetadata,
            "the broker does not have a topic with this id"),
        Row(.duplicateBrokerRegistration, "DUPLICATE_BROKER_REGISTRATION", "another broker has this id"),
        Row(.brokerIdNotRegistered, "BROKER_ID_NOT_REGISTERED", "no broker is registered with this id"),
        Row(
            .inconsistentTopicId, "INCONSISTENT_TOPIC_ID", retry: .staleMetadata,
            "the topic on the broker has another id: it was created anew"),
        Row(.inconsistentClusterId, "INCONSISTENT_CLUSTER_ID", "the broker belongs to another cluster"),
        Row(
            .transactionalIdNotFound, "TRANSACTIONAL_ID_NOT_FOUND",
            "the coordinator does not know this transactional id"),
        Row(
            .fetchSessionTopicIdError, "FETCH_SESSION_TOPIC_ID_ERROR", retry: .retriable,
            "the fetch session mixes topic names and topic ids"),
        Row(.ineligibleReplica, "INELIGIBLE_REPLICA", "a replica that may not be in sync was named as in sync"),
        Row(.newLeaderElected, "NEW_LEADER_ELECTED", "done, but the partition has a new leader now"),
        Row(
            .offsetMovedToTieredStorage, "OFFSET_MOVED_TO_TIERED_STORAGE",
            "the offset has been moved to tiered storage"),
        Row(
            .fencedMemberEpoch, "FENCED_MEMBER_EPOCH",
            "the coordinator has shut this member out: give up all partitions and join again"),
        Row(.unreleasedInstanceId, "UNRELEASED_INSTANCE_ID", "another member still holds this instance id"),
        Row(.unsupportedAssignor, "UNSUPPORTED_ASSIGNOR", "the consumer group does not have this assignor"),
        Row(
            .staleMemberEpoch, "STALE_MEMBER_EPOCH",
            "the member's epoch is out of date: a heartbeat gives the new one"),
        Row(
            .mismatchedEndpointType, "MISMATCHED_ENDPOINT_TYPE",
            "the request went to a broker instead of a controller, or the other way round"),
        Row(.unsupportedEndpointType, "UNSUPPORTED_ENDPOINT_TYPE", "endpoints of this type are not supported"),
        Row(.unknownControllerId, "UNKNOWN_CONTROLLER_ID", "there is no controller with this id"),
        Row(.unknownSubscriptionId, "UNKNOWN_SUBSCRIPTION_ID", "the telemetry subscription is unknown or out of date"),
        Row(.telemetryTooLarge, "TELEMETRY_TOO_LARGE", "the telemetry is larger than the broker takes"),
        Row(.invalidRegistration, "INVALID_REGISTRATION", "the controller does not accept the broker's registration"),
        Row(.transactionAbortable, "TRANSACTION_ABORTABLE", "the transaction failed: abort it, then go on"),
        Row(.invalidRecordState, "INVALID_RECORD_STATE", "the record's state does not allow this acknowledgement"),
        Row(
            .shareSessionNotFound, "SHARE_SESSION_NOT_FOUND", retry: .retriable,
            "the broker has forgotten the share session"),
        Row(
            .invalidShareSessionEpoch, "INVALID_SHARE_SESSION_EPOCH", retry: .retriable,
            "the share session's epoch is not the expected one"),
        Row(.fencedStateEpoch, "FENCED_STATE_EPOCH", "the share group's state has a newer epoch"),
        Row(.invalidVoterKey, "INVALID_VOTER_KEY", "the voter's key is not the replica's"),
        Row(.duplicateVoter, "DUPLICATE_VOTER", "the voter is one already"),
        Row(.voterNotFound, "VOTER_NOT_FOUND", "there is no such voter"),
        Row(.invalidRegularExpression, "INVALID_REGULAR_EXPRESSION", "the regular expression is not valid"),
        Row(
            .rebootstrapRequired, "REBOOTSTRAP_REQUIRED",
            "the client's picture of the cluster is too old: start again from bootstrap.servers"),
        Row(.streamsInvalidTopology, "STREAMS_INVALID_TOPOLOGY", "the streams topology is not valid"),
        Row(
            .streamsInvalidTopologyEpoch, "STREAMS_INVALID_TOPOLOGY_EPOCH",
            "the epoch of the streams topology is not valid"),
        Row(.streamsTopologyFenced, "STREAMS_TOPOLOGY_FENCED", "the streams topology is out of date"),
        Row(
            .shareSessionLimitReached, "SHARE_SESSION_LIMIT_REACHED", retry: .retriable,
            "the broker has no room for another share session"),
    ]
}
