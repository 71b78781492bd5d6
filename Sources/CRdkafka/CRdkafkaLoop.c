#include "CRdkafkaProducer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { poll_every = 4096, flush_milliseconds = 120000, answer_milliseconds = 10000, error_capacity = 256 };

static bool flush(crdkafka_producer *producer, char *error, size_t capacity) {
    int32_t unfinished = producer->api.flush(producer->client, flush_milliseconds);
    if (unfinished == 0)
        return true;
    snprintf(error, capacity, "flush: %s", producer->api.err2str(unfinished));
    return false;
}

// Sends without flushing; reports run in between, here or on another thread that polls.
static bool send(
    crdkafka_producer *producer, crdkafka_source source, uint64_t records, char *error, size_t capacity
) {
    for (uint64_t i = 0; i < records; i++) {
        if (!crdkafka_produce(producer, &source, NULL, error, capacity))
            return false;
        if (i % poll_every == 0)
            producer->api.poll(producer->client, 0);
    }
    return true;
}

bool crdkafka_producer_send(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, char *error,
    size_t capacity
) {
    crdkafka_tally *tally = crdkafka_own_tally();
    *tally = (crdkafka_tally){0};
    return send(producer, (crdkafka_source){keys, values, 0, 0}, records, error, capacity)
           && flush(producer, error, capacity)
           && crdkafka_all_delivered(producer, tally, records, error, capacity);
}

// MARK: - Threads

typedef struct {
    pthread_t id;
    crdkafka_producer *producer;
    crdkafka_source source;
    uint64_t records;
    crdkafka_tally tally;
    bool succeeded;
    char error[error_capacity];
} sender;

static void *run(void *argument) {
    sender *own = argument;
    own->succeeded = send(own->producer, own->source, own->records, own->error, sizeof own->error);
    own->tally = *crdkafka_own_tally();
    return NULL;
}

bool crdkafka_producer_send_threads(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, size_t threads,
    char *error, size_t capacity
) {
    sender *senders = calloc(threads, sizeof *senders);
    if (!senders) {
        snprintf(error, capacity, "no memory");
        return false;
    }
    size_t started = 0;
    bool succeeded = true;
    for (; succeeded && started < threads; started++) {
        sender *next = &senders[started];
        next->producer = producer;
        next->source = (crdkafka_source){keys, values, 0, 0};
        next->records = records / threads + (started < records % threads);
        int failure = pthread_create(&next->id, NULL, run, next);
        if (failure) {
            snprintf(error, capacity, "no thread: %s", strerror(failure));
            succeeded = false;
            break;
        }
    }
    crdkafka_tally *tally = crdkafka_own_tally();
    *tally = (crdkafka_tally){0};
    for (size_t i = 0; i < started; i++) {
        pthread_join(senders[i].id, NULL);
        if (!senders[i].succeeded) {
            snprintf(error, capacity, "%s", senders[i].error);
            succeeded = false;
        }
    }
    succeeded = succeeded && flush(producer, error, capacity);
    for (size_t i = 0; i < started; i++) {
        tally->delivered += senders[i].tally.delivered;
        tally->failed += senders[i].tally.failed;
        if (senders[i].tally.failed > 0)
            tally->last_failure = senders[i].tally.last_failure;
    }
    free(senders);
    return succeeded && crdkafka_all_delivered(producer, tally, records, error, capacity);
}

// MARK: - Outcomes

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

// Polls until the record's report has run.
static bool await(crdkafka_producer *producer, const crdkafka_outcome *outcome, char *error, size_t capacity) {
    if (!outcome->done) {
        uint64_t deadline = now() + answer_milliseconds * UINT64_C(1000000);
        while (!outcome->done) {
            if (now() > deadline) {
                snprintf(error, capacity, "no answer within %d ms", answer_milliseconds);
                return false;
            }
            producer->api.poll(producer->client, 100);
        }
    }
    if (outcome->error == 0)
        return true;
    snprintf(error, capacity, "a record failed: %s", producer->api.err2str(outcome->error));
    return false;
}

static bool send_and_ask(
    crdkafka_producer *producer, crdkafka_source source, uint64_t records, crdkafka_outcome *outcomes, size_t window,
    char *error, size_t capacity
) {
    size_t oldest = 0;
    for (uint64_t i = 0; i < records; i++) {
        if (i >= window && !await(producer, &outcomes[oldest], error, capacity))
            return false;
        outcomes[oldest].done = false;
        if (!crdkafka_produce(producer, &source, &outcomes[oldest], error, capacity))
            return false;
        oldest = oldest + 1 == window ? 0 : oldest + 1;
        if (i % poll_every == 0)
            producer->api.poll(producer->client, 0);
    }
    if (!flush(producer, error, capacity))
        return false;
    size_t left = records < window ? records : window;
    for (size_t i = 0; i < left; i++) {
        if (!await(producer, &outcomes[i], error, capacity))
            return false;
    }
    return true;
}

bool crdkafka_producer_send_and_ask(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, size_t window,
    char *error, size_t capacity
) {
    crdkafka_outcome *outcomes = calloc(window, sizeof *outcomes);
    if (!outcomes) {
        snprintf(error, capacity, "no memory");
        return false;
    }
    bool succeeded = send_and_ask(
        producer, (crdkafka_source){keys, values, 0, 0}, records, outcomes, window, error, capacity);
    // Reports of what is still under way would write to the outcomes.
    if (succeeded || producer->api.flush(producer->client, flush_milliseconds) == 0)
        free(outcomes);
    return succeeded;
}

bool crdkafka_producer_round_trips(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, uint64_t *nanoseconds,
    char *error, size_t capacity
) {
    crdkafka_source source = {keys, values, 0, 0};
    // Not on the stack: where an answer does not come the report may still write to it.
    crdkafka_outcome *outcome = calloc(1, sizeof *outcome);
    if (!outcome) {
        snprintf(error, capacity, "no memory");
        return false;
    }
    for (uint64_t i = 0; i < records; i++) {
        uint64_t start = now();
        outcome->done = false;
        if (!crdkafka_produce(producer, &source, outcome, error, capacity)
            || !await(producer, outcome, error, capacity))
            return false;
        nanoseconds[i] = now() - start;
    }
    free(outcome);
    return true;
}
