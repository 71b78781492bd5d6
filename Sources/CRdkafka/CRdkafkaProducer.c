#include "CRdkafkaProducer.h"

#include <stdio.h>
#include <stdlib.h>

crdkafka_tally *crdkafka_own_tally(void) {
    static _Thread_local crdkafka_tally tally;
    return &tally;
}

static void report(rd_kafka_t *client, const crdkafka_message *message, void *opaque) {
    (void)client;
    (void)opaque;
    crdkafka_tally *tally = crdkafka_own_tally();
    if (message->error == 0) {
        tally->delivered++;
    } else {
        tally->failed++;
        tally->last_failure = message->error;
    }
    crdkafka_outcome *outcome = message->opaque;
    if (outcome)
        *outcome = (crdkafka_outcome){true, message->error, message->partition, message->offset};
}

crdkafka_producer *crdkafka_producer_open(
    const char *library, const char *const *settings, const char *topic, char *error, size_t capacity
) {
    crdkafka_producer *producer = calloc(1, sizeof *producer);
    if (!producer || !crdkafka_load(library, &producer->api, error, capacity)) {
        free(producer);
        return NULL;
    }
    producer->client = crdkafka_client(&producer->api, settings, report, NULL, error, capacity);
    if (!producer->client) {
        free(producer);
        return NULL;
    }
    producer->topic = producer->api.topic_new(producer->client, topic, NULL);
    if (!producer->topic) {
        snprintf(error, capacity, "topic %s: %s", topic, producer->api.err2str(producer->api.last_error()));
        producer->api.destroy(producer->client);
        free(producer);
        return NULL;
    }
    return producer;
}

const char *crdkafka_producer_version(const crdkafka_producer *producer) {
    return producer->api.version_str();
}

void crdkafka_producer_close(crdkafka_producer *producer) {
    producer->api.topic_destroy(producer->topic);
    producer->api.destroy(producer->client);
    free(producer);
}

static const void *take(const crdkafka_items *items, size_t *next) {
    if (items->count == 0)
        return NULL;
    const uint8_t *item = items->bytes + *next * items->item_bytes;
    *next = *next + 1 == items->count ? 0 : *next + 1;
    return item;
}

bool crdkafka_produce(
    crdkafka_producer *producer, crdkafka_source *source, crdkafka_outcome *outcome, char *error, size_t capacity
) {
    const crdkafka_api *api = &producer->api;
    const void *key = take(&source->keys, &source->next_key);
    const void *value = take(&source->values, &source->next_value);
    while (api->produce(
               producer->topic, crdkafka_any_partition, crdkafka_copy_payload, (void *)value,
               source->values.item_bytes, key, key ? source->keys.item_bytes : 0, outcome)
           != 0) {
        int32_t refusal = api->last_error();
        if (refusal != crdkafka_queue_full) {
            snprintf(error, capacity, "not accepted: %s", api->err2str(refusal));
            return false;
        }
        api->poll(producer->client, 1);
    }
    return true;
}

bool crdkafka_all_delivered(
    const crdkafka_producer *producer, const crdkafka_tally *tally, uint64_t records, char *error, size_t capacity
) {
    if (tally->failed > 0) {
        snprintf(
            error, capacity, "%llu records failed, the last one: %s", (unsigned long long)tally->failed,
            producer->api.err2str(tally->last_failure));
        return false;
    }
    if (tally->delivered != records) {
        snprintf(
            error, capacity, "%llu of %llu records were delivered", (unsigned long long)tally->delivered,
            (unsigned long long)records);
        return false;
    }
    return true;
}
