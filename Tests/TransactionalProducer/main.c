// librdkafka's transactional producer in a process of its own.
//
//   TransactionalProducer [NAME VALUE]...     a producer of librdkafka's settings, which serves until input closes
//
// Lines on standard input command it, each answered by "ok" or the error:
//   init, begin, commit, abort                a transaction's steps, in librdkafka's own words
//   produce TOPIC PARTITION VALUE             sends a record, which the end of the transaction waits for
//   flush                                     waits until each record was delivered or has failed
//   offsets GROUP TOPIC PARTITION OFFSET      makes a position of a consumer group part of the transaction
//
// KAFKA_LUA_RDKAFKA names another library than the system's librdkafka.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CRdkafka.h"

enum { patience_milliseconds = 60000, poll_milliseconds = 100 };

static crdkafka_api api;
static rd_kafka_t *producer;
static char answer[512];

static const char *outcome(rd_kafka_error_t *error) {
    if (!error)
        return "ok";
    snprintf(answer, sizeof answer, "%s", api.error_string(error));
    api.error_destroy(error);
    return answer;
}

static const char *produce(const char *name, int partition, char *value) {
    rd_kafka_topic_t *topic = api.topic_new(producer, name, NULL);
    if (!topic)
        return api.err2str(api.last_error());
    int failed;
    do {
        failed = api.produce(topic, partition, crdkafka_copy_payload, value, strlen(value), NULL, 0, NULL);
    } while (failed && api.last_error() == crdkafka_queue_full && (api.poll(producer, poll_milliseconds), true));
    const char *result = failed ? api.err2str(api.last_error()) : "ok";
    api.topic_destroy(topic);
    return result;
}

static const char *send_offset(const char *group, const char *topic, int partition, long long offset) {
    rd_kafka_topic_partition_list_t *positions = api.topic_partition_list_new(1);
    rd_kafka_consumer_group_metadata_t *metadata = api.consumer_group_metadata_new(group);
    api.topic_partition_list_add(positions, topic, partition);
    api.topic_partition_list_set_offset(positions, topic, partition, offset);
    const char *result =
        outcome(api.send_offsets_to_transaction(producer, positions, metadata, patience_milliseconds));
    api.consumer_group_metadata_destroy(metadata);
    api.topic_partition_list_destroy(positions);
    return result;
}

static const char *run(char *line) {
    char group[250], topic[250];
    int partition, used;
    long long offset;
    if (strcmp(line, "init") == 0)
        return outcome(api.init_transactions(producer, patience_milliseconds));
    if (strcmp(line, "begin") == 0)
        return outcome(api.begin_transaction(producer));
    if (strcmp(line, "commit") == 0)
        return outcome(api.commit_transaction(producer, patience_milliseconds));
    if (strcmp(line, "flush") == 0) {
        int32_t error_code = api.flush(producer, patience_milliseconds);
        return error_code == 0 ? "ok" : api.err2str(error_code);
    }
    if (strcmp(line, "abort") == 0)
        return outcome(api.abort_transaction(producer, patience_milliseconds));
    if (sscanf(line, "produce %249s %d %n", topic, &partition, &used) == 2)
        return produce(topic, partition, line + used);
    if (sscanf(line, "offsets %249s %249s %d %lld", group, topic, &partition, &offset) == 4)
        return send_offset(group, topic, partition, offset);
    return "no such command";
}

int main(int count, char **arguments) {
    char error[512];
    if (!crdkafka_load(getenv("KAFKA_LUA_RDKAFKA"), &api, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    producer = crdkafka_client(&api, (const char *const *)arguments + (count > 0), NULL, NULL, error, sizeof error);
    if (!producer) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        printf("%s\n", run(line));
        fflush(stdout);
    }
    api.destroy(producer);
    return 0;
}
