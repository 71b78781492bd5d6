// What the loops of CRdkafkaLoop.c share.

#ifndef CRDKAFKA_PRODUCER_H
#define CRDKAFKA_PRODUCER_H

#include "CRdkafka.h"

struct crdkafka_producer {
    crdkafka_api api;
    rd_kafka_t *client;
    rd_kafka_topic_t *topic;
};

/// What the delivery reports told that ran on one thread, inside its calls of poll and flush.
typedef struct {
    uint64_t delivered;
    uint64_t failed;
    int32_t last_failure;
} crdkafka_tally;

/// The calling thread's; a counter that threads share would cost each of them more than the rest of a report.
crdkafka_tally *crdkafka_own_tally(void);

/// What became of one record, for programs that ask.
typedef struct {
    bool done;
    int32_t error;
    int32_t partition;
    int64_t offset;
} crdkafka_outcome;

/// Keys and values, each taken in turn.
typedef struct {
    crdkafka_items keys;
    crdkafka_items values;
    size_t next_key;
    size_t next_value;
} crdkafka_source;

/// Hands the next record over, waiting while the queue is full. `outcome`, if there is one, is set by its report.
bool crdkafka_produce(
    crdkafka_producer *producer, crdkafka_source *source, crdkafka_outcome *outcome, char *error, size_t capacity);

/// Whether that many records were delivered, and none failed.
bool crdkafka_all_delivered(
    const crdkafka_producer *producer, const crdkafka_tally *tally, uint64_t records, char *error, size_t capacity);

#endif
