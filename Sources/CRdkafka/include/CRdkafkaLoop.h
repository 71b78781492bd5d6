// A C program's send loops on librdkafka, as somebody who knows the library writes them.

#ifndef CRDKAFKA_LOOP_H
#define CRDKAFKA_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct crdkafka_producer crdkafka_producer;

/// Equally long items in one piece of memory, taken in turn; none where `count` is 0.
typedef struct {
    const uint8_t *bytes;
    size_t item_bytes;
    size_t count;
} crdkafka_items;

/// Opens a producer for one topic with librdkafka's settings `{name, value, …, null}`.
/// Each record is reported to the thread that polls, whether anybody asked for it or not.
/// Answers null, and why in `error`, where the library or a setting is refused.
crdkafka_producer *crdkafka_producer_open(
    const char *library, const char *const *settings, const char *topic, char *error, size_t capacity);

/// Sends `records` records from the calling thread and returns when each was delivered; a report counts each of them.
/// Answers false, and why in `error`, where a record failed.
bool crdkafka_producer_send(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, char *error,
    size_t capacity);

/// The same with `threads` threads, each of which sends its share.
bool crdkafka_producer_send_threads(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, size_t threads,
    char *error, size_t capacity);

/// Sends records and asks for the outcome of each: the outcomes of the latest `window` records are kept, and the oldest
/// is waited for before another takes its place.
bool crdkafka_producer_send_and_ask(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, size_t window,
    char *error, size_t capacity);

/// Sends records one at a time, each after the one before was delivered; `nanoseconds` gets how long each took.
bool crdkafka_producer_round_trips(
    crdkafka_producer *producer, crdkafka_items keys, crdkafka_items values, uint64_t records, uint64_t *nanoseconds,
    char *error, size_t capacity);

/// The version of the library, like "2.0.2".
const char *crdkafka_producer_version(const crdkafka_producer *producer);

void crdkafka_producer_close(crdkafka_producer *producer);

#endif
