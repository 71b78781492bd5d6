#include "CRdkafka.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { poll_every = 4096, flush_milliseconds = 120000, round_trip_milliseconds = 10000 };

struct crdkafka_producer {
    crdkafka_api api;
    rd_kafka_t *client;
    rd_kafka_topic_t *topic;
    // Written by delivery reports, which run inside poll and flush, on the thread that sends.
    uint64_t delivered;
    uint64_t failed;
    int32_t last_failure;
};

typedef struct {
    crdkafka_items items;
    size_t next;
} turn;

static const void *take(turn *turn) {
    if (turn->items.count == 0)
        return NULL;
    const uint8_t *item = turn->items.bytes + turn->next * turn->items.item_bytes;
    turn->next = turn->next + 1 == turn->items.count ? 0 : turn->next + 1;
    return item;
}

static void report(rd_kafka_t *client, const crdkafka_message *message, void *opaque) {
    (void)client;
    crdkafka_producer *producer = opaque;
    if (message->error == 0) {
        producer->delivered++;
    } else {
        producer->failed++;
        producer->last_failure = message->error;
    }
}

crdkafka_producer *crdkafka_producer_open(
    const char *library, const char *const *settings, const char *topic, bool delivery_reports, char *error,
    size_t capacity
) {
    crdkafka_producer *producer = calloc(1, sizeof *producer);
    if (!producer || !crdkafka_load(library, &producer->api, error, capacity)) {
        free(producer);
        return NULL;
    }
    size_t count = 0;
    while (settings[count])
        count++;
    const char *all[count + 3];
    for (size_t i = 0; i < count; i++)
        all[i] = settings[i];
    all[count] = "delivery.report.only.error";
    all[count + 1] = delivery_reports ? "false" : "true";
    all[count + 2] = NULL;

    producer->client = crdkafka_client(&producer->api, all, report, producer, error, capacity);
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

static bool produce(crdkafka_producer *producer, turn *keys, turn *values, char *error, size_t capacity) {
    const crdkafka_api *api = &producer->api;
    const void *key = take(keys);
    const void *value = take(values);
    while (api->produce(
               producer->topic, crdkafka_any_partition, crdkafka_copy_payload, (void *)value,
               values->items.item_bytes, key, key ? keys->items.item_bytes : 0, NULL)
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

static bool none_failed(const crdkafka_producer *producer, char *error, size_t capacity) {
    if (producer->failed == 0)
        return true;
    snprintf(
        error, capacity, "%llu records failed, the last one: %s", (unsigned long long)producer->failed,
        producer->api.err2str(producer->last_failure));
    return false;
}

bool crdkafka_producer_send(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, char *error,
    size_t capacity
) {
    turn key = {keys, 0}, value = {values, 0};
    for (uint64_t i = 0; i < records; i++) {
        if (!produce(producer, &key, &value, error, capacity))
            return false;
        if (i % poll_every == 0)
            producer->api.poll(producer->client, 0);
    }
    int32_t unfinished = producer->api.flush(producer->client, flush_milliseconds);
    if (unfinished != 0) {
        snprintf(error, capacity, "flush: %s", producer->api.err2str(unfinished));
        return false;
    }
    return none_failed(producer, error, capacity);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

bool crdkafka_producer_round_trips(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, uint64_t *nanoseconds,
    char *error, size_t capacity
) {
    turn key = {keys, 0}, value = {values, 0};
    for (uint64_t i = 0; i < records; i++) {
        uint64_t start = now();
        uint64_t deadline = start + round_trip_milliseconds * UINT64_C(1000000);
        uint64_t goal = producer->delivered + 1;
        if (!produce(producer, &key, &value, error, capacity))
            return false;
        while (producer->delivered < goal) {
            if (!none_failed(producer, error, capacity))
                return false;
            if (now() > deadline) {
                snprintf(error, capacity, "no answer within %d ms", round_trip_milliseconds);
                return false;
            }
            producer->api.poll(producer->client, 100);
        }
        nanoseconds[i] = now() - start;
    }
    return true;
}

const char *crdkafka_producer_version(const crdkafka_producer *producer) {
    return producer->api.version_str();
}

void crdkafka_producer_close(crdkafka_producer *producer) {
    producer->api.topic_destroy(producer->topic);
    producer->api.destroy(producer->client);
    free(producer);
}
