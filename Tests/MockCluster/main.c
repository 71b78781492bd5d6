// A cluster of librdkafka's mock brokers in a process of its own, which its assertions may end.
//
//   MockCluster [BROKERS]     prints the bootstrap servers, then serves until standard input closes
//
// Lines on standard input command it, each answered by "ok" or the error:
//   topic NAME PARTITIONS REPLICAS        creates a topic
//   leader TOPIC PARTITION BROKER         moves a partition
//   errors API_KEY COUNT ERROR...         fails the next requests of an API, COUNT times with each of the error codes;
//                                         -195 closes the connection in place of an answer
//   topic-error TOPIC ERROR               answers requests for a topic's metadata with an error code; 0 ends that
//   down BROKER, up BROKER                closes a broker's connections and port, and opens it again
//   rtt BROKER MILLISECONDS               lets a broker take its time
//
// KAFKA_LUA_RDKAFKA names another library than the system's librdkafka.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CRdkafka.h"

enum { most_errors = 1024, invalid_argument = -186 };

static int32_t push_errors(
    const crdkafka_api *api, rd_kafka_mock_cluster_t *cluster, int16_t api_key, int times, const char *codes
) {
    int32_t errors[most_errors];
    size_t count = 0;
    int code, used;
    for (; sscanf(codes, "%d%n", &code, &used) == 1; codes += used) {
        for (int i = 0; i < times; i++) {
            if (count == most_errors)
                return invalid_argument;
            errors[count++] = code;
        }
    }
    api->mock_push_request_errors_array(cluster, api_key, count, errors);
    return 0;
}

static int32_t run(const crdkafka_api *api, rd_kafka_mock_cluster_t *cluster, const char *line) {
    char topic[250];
    int first, second;
    int used;
    if (sscanf(line, "topic %249s %d %d", topic, &first, &second) == 3)
        return api->mock_topic_create(cluster, topic, first, second);
    if (sscanf(line, "leader %249s %d %d", topic, &first, &second) == 3)
        return api->mock_partition_set_leader(cluster, topic, first, second);
    if (sscanf(line, "topic-error %249s %d", topic, &first) == 2) {
        api->mock_topic_set_error(cluster, topic, first);
        return 0;
    }
    if (sscanf(line, "down %d", &first) == 1)
        return api->mock_broker_set_down(cluster, first);
    if (sscanf(line, "up %d", &first) == 1)
        return api->mock_broker_set_up(cluster, first);
    if (sscanf(line, "rtt %d %d", &first, &second) == 2)
        return api->mock_broker_set_rtt(cluster, first, second);
    if (sscanf(line, "errors %d %d %n", &first, &second, &used) == 2)
        return push_errors(api, cluster, (int16_t)first, second, line + used);
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
