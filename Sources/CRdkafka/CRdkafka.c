#include "CRdkafka.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#ifdef __APPLE__
static const char *const system_library = "librdkafka.1.dylib";
#else
static const char *const system_library = "librdkafka.so.1";
#endif

typedef struct {
    const char *symbol;
    size_t offset;
} binding;

#define BINDING(name) {"rd_kafka_" #name, offsetof(crdkafka_api, name)}

static const binding bindings[] = {
    BINDING(version_str),
    BINDING(err2str),
    BINDING(last_error),
    BINDING(conf_new),
    BINDING(conf_destroy),
    BINDING(conf_set),
    BINDING(conf_set_opaque),
    BINDING(conf_set_dr_msg_cb),
    {"rd_kafka_new", offsetof(crdkafka_api, client_new)},
    BINDING(destroy),
    BINDING(poll),
    BINDING(flush),
    BINDING(topic_new),
    BINDING(topic_destroy),
    BINDING(produce),
    BINDING(init_transactions),
    BINDING(begin_transaction),
    BINDING(send_offsets_to_transaction),
    BINDING(commit_transaction),
    BINDING(abort_transaction),
    BINDING(error_string),
    BINDING(error_destroy),
    BINDING(topic_partition_list_new),
    BINDING(topic_partition_list_destroy),
    BINDING(topic_partition_list_add),
    BINDING(topic_partition_list_set_offset),
    BINDING(consumer_group_metadata_new),
    BINDING(consumer_group_metadata_destroy),
    BINDING(mock_cluster_new),
    BINDING(mock_cluster_destroy),
    BINDING(mock_cluster_bootstraps),
    BINDING(mock_topic_create),
    BINDING(mock_partition_set_leader),
    BINDING(mock_topic_set_error),
    BINDING(mock_broker_set_down),
    BINDING(mock_broker_set_up),
    BINDING(mock_broker_set_rtt),
    BINDING(mock_push_request_errors_array),
};

bool crdkafka_load(const char *path, crdkafka_api *api, char *error, size_t capacity) {
    void *library = dlopen(path && *path ? path : system_library, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(error, capacity, "%s", dlerror());
        return false;
    }
    for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++) {
        void *function = dlsym(library, bindings[i].symbol);
        if (!function) {
            snprintf(error, capacity, "%s", dlerror());
            return false;
        }
        memcpy((char *)api + bindings[i].offset, &function, sizeof function);
    }
    return true;
}

rd_kafka_t *crdkafka_client(
    const crdkafka_api *api, const char *const *settings, crdkafka_delivery_report report, void *opaque, char *error,
    size_t capacity
) {
    rd_kafka_conf_t *conf = api->conf_new();
    for (; settings[0]; settings += 2) {
        if (api->conf_set(conf, settings[0], settings[1], error, capacity) != 0) {
            api->conf_destroy(conf);
            return NULL;
        }
    }
    api->conf_set_opaque(conf, opaque);
    if (report)
        api->conf_set_dr_msg_cb(conf, report);
    rd_kafka_t *client = api->client_new(crdkafka_producer_type, conf, error, capacity);
    if (!client)
        api->conf_destroy(conf);
    return client;
}
