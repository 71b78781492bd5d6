// librdkafka, found when the program runs: a peer to measure and test against, never needed to build.
// The declarations are the few that are used, in librdkafka's own names without their prefix.

#ifndef CRDKAFKA_H
#define CRDKAFKA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rd_kafka_s rd_kafka_t;
typedef struct rd_kafka_conf_s rd_kafka_conf_t;
typedef struct rd_kafka_topic_s rd_kafka_topic_t;
typedef struct rd_kafka_topic_conf_s rd_kafka_topic_conf_t;
typedef struct rd_kafka_error_s rd_kafka_error_t;
typedef struct rd_kafka_topic_partition_list_s rd_kafka_topic_partition_list_t;
typedef struct rd_kafka_consumer_group_metadata_s rd_kafka_consumer_group_metadata_t;
typedef struct rd_kafka_mock_cluster_s rd_kafka_mock_cluster_t;

/// librdkafka's message, as a delivery report shows it.
typedef struct {
    int32_t error;
    rd_kafka_topic_t *topic;
    int32_t partition;
    void *value;
    size_t value_bytes;
    void *key;
    size_t key_bytes;
    int64_t offset;
    /// What `produce` was given for the record.
    void *opaque;
} crdkafka_message;

typedef void (*crdkafka_delivery_report)(rd_kafka_t *client, const crdkafka_message *message, void *opaque);

enum {
    crdkafka_producer_type = 0,
    crdkafka_copy_payload = 0x2,
    crdkafka_any_partition = -1,
    crdkafka_queue_full = -184,
};

/// Functions of librdkafka by name, each of them set once `crdkafka_load` has answered true.
typedef struct {
    const char *(*version_str)(void);
    const char *(*err2str)(int32_t error);
    int32_t (*last_error)(void);

    rd_kafka_conf_t *(*conf_new)(void);
    void (*conf_destroy)(rd_kafka_conf_t *);
    int (*conf_set)(rd_kafka_conf_t *, const char *name, const char *value, char *error, size_t capacity);
    void (*conf_set_opaque)(rd_kafka_conf_t *, void *opaque);
    void (*conf_set_dr_msg_cb)(rd_kafka_conf_t *, crdkafka_delivery_report);

    rd_kafka_t *(*client_new)(int type, rd_kafka_conf_t *, char *error, size_t capacity);
    void (*destroy)(rd_kafka_t *);
    int (*poll)(rd_kafka_t *, int milliseconds);
    int32_t (*flush)(rd_kafka_t *, int milliseconds);

    rd_kafka_topic_t *(*topic_new)(rd_kafka_t *, const char *name, rd_kafka_topic_conf_t *);
    void (*topic_destroy)(rd_kafka_topic_t *);
    int (*produce)(
        rd_kafka_topic_t *, int32_t partition, int flags, void *value, size_t value_bytes, const void *key,
        size_t key_bytes, void *message_opaque);

    rd_kafka_error_t *(*init_transactions)(rd_kafka_t *, int milliseconds);
    rd_kafka_error_t *(*begin_transaction)(rd_kafka_t *);
    rd_kafka_error_t *(*send_offsets_to_transaction)(
        rd_kafka_t *, const rd_kafka_topic_partition_list_t *, const rd_kafka_consumer_group_metadata_t *,
        int milliseconds);
    rd_kafka_error_t *(*commit_transaction)(rd_kafka_t *, int milliseconds);
    rd_kafka_error_t *(*abort_transaction)(rd_kafka_t *, int milliseconds);
    const char *(*error_string)(const rd_kafka_error_t *);
    void (*error_destroy)(rd_kafka_error_t *);

    rd_kafka_topic_partition_list_t *(*topic_partition_list_new)(int capacity);
    void (*topic_partition_list_destroy)(rd_kafka_topic_partition_list_t *);
    void *(*topic_partition_list_add)(rd_kafka_topic_partition_list_t *, const char *topic, int32_t partition);
    int32_t (*topic_partition_list_set_offset)(
        rd_kafka_topic_partition_list_t *, const char *topic, int32_t partition, int64_t offset);
    rd_kafka_consumer_group_metadata_t *(*consumer_group_metadata_new)(const char *group);
    void (*consumer_group_metadata_destroy)(rd_kafka_consumer_group_metadata_t *);

    rd_kafka_mock_cluster_t *(*mock_cluster_new)(rd_kafka_t *, int brokers);
    void (*mock_cluster_destroy)(rd_kafka_mock_cluster_t *);
    const char *(*mock_cluster_bootstraps)(const rd_kafka_mock_cluster_t *);
    int32_t (*mock_topic_create)(rd_kafka_mock_cluster_t *, const char *topic, int partitions, int replicas);
    int32_t (*mock_partition_set_leader)(
        rd_kafka_mock_cluster_t *, const char *topic, int32_t partition, int32_t broker);
    void (*mock_topic_set_error)(rd_kafka_mock_cluster_t *, const char *topic, int32_t error);
    int32_t (*mock_broker_set_down)(rd_kafka_mock_cluster_t *, int32_t broker);
    int32_t (*mock_broker_set_up)(rd_kafka_mock_cluster_t *, int32_t broker);
    int32_t (*mock_broker_set_rtt)(rd_kafka_mock_cluster_t *, int32_t broker, int milliseconds);
    void (*mock_push_request_errors_array)(
        rd_kafka_mock_cluster_t *, int16_t api_key, size_t count, const int32_t *errors);
} crdkafka_api;

/// Binds the functions of the library at `path`, or of the system's librdkafka where `path` is null or empty.
/// Answers false, and why in `error`, where there is no such library or it lacks one of the functions.
/// The library stays loaded for the life of the process.
bool crdkafka_load(const char *path, crdkafka_api *api, char *error, size_t capacity);

/// A client of the given names and values, `{name, value, …, null}`; null, and why in `error`, where one is refused.
rd_kafka_t *crdkafka_client(
    const crdkafka_api *api, const char *const *settings, crdkafka_delivery_report report, void *opaque, char *error,
    size_t capacity);

#include "CRdkafkaLoop.h"

#endif
