// A cluster of librdkafka's mock brokers in a process of its own, which its assertions may end.
//
//   MockCluster [BROKERS]     prints the bootstrap servers, then serves until standard input closes
//
// Lines on standard input command it, each answered by "ok" or the error:
//   topic NAME PARTITIONS REPLICAS        creates a topic
//   leader TOPIC PARTITION BROKER         moves a partition
//   errors API_KEY ERROR COUNT            fails the next COUNT requests of an API with an error code
//
// KAFKA_LUA_RDKAFKA names another library than the system's librdkafka.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CRdkafka.h"

enum { most_errors = 1024 };

static int32_t run(const crdkafka_api *api, rd_kafka_mock_cluster_t *cluster, const char *line) {
    char topic[250];
    int first, second;
    unsigned count;
    if (sscanf(line, "topic %249s %d %d", topic, &first, &second) == 3)
        return api->mock_topic_create(cluster, topic, first, second);
    if (sscanf(line, "leader %249s %d %d", topic, &first, &second) == 3)
        return api->mock_partition_set_leader(cluster, topic, first, second);
    if (sscanf(line, "errors %d %d %u", &first, &second, &count) == 3 && count <= most_errors) {
        int32_t errors[most_errors];
        for (unsigned i = 0; i < count; i++)
            errors[i] = second;
        api->mock_push_request_errors_array(cluster, (int16_t)first, count, errors);
        return 0;
    }
    const int32_t invalid_argument = -186;
    return invalid_argument;
}

int main(int count, char **arguments) {
    int brokers = count > 1 ? atoi(arguments[1]) : 3;
    char error[512];
    crdkafka_api api;
    if (!crdkafka_load(getenv("KAFKA_LUA_RDKAFKA"), &api, error, sizeof error)) {
        fprintf(stderr, "MockCluster: %s\n", error);
        return 1;
    }
    const char *settings[] = {"client.id", "mock-cluster", "log_level", "3", NULL};
    rd_kafka_t *client = crdkafka_client(&api, settings, NULL, NULL, error, sizeof error);
    rd_kafka_mock_cluster_t *cluster = client ? api.mock_cluster_new(client, brokers) : NULL;
    if (!cluster) {
        fprintf(stderr, "MockCluster: %s\n", client ? "no such number of brokers" : error);
        return 1;
    }
    puts(api.mock_cluster_bootstraps(cluster));
    fflush(stdout);

    char line[512];
    while (fgets(line, sizeof line, stdin)) {
        int32_t result = run(&api, cluster, line);
        puts(result == 0 ? "ok" : api.err2str(result));
        fflush(stdout);
    }
    api.mock_cluster_destroy(cluster);
    api.destroy(client);
    return 0;
}
