#include <stdatomic.h>

#include "CLuaShim.h"

uint32_t lk_thread_number(void) {
    static atomic_uint count;
    static _Thread_local uint32_t number;  // from 1; 0 before it was asked for
    if (!number) number = atomic_fetch_add_explicit(&count, 1, memory_order_relaxed) + 1;
    return number - 1;
}

// A few scripts may see a thread's records, one after the other.
enum { PINS = 8 };

static _Thread_local struct {
    const void *script;
    int64_t version;
    bool is_held;
} pins[PINS];
static _Thread_local unsigned oldest;

static int find(const void *script) {
    for (int i = 0; i < PINS; i++) {
        if (pins[i].script == script) return i;
    }
    return -1;
}

int64_t lk_pin(const void *script, int64_t version, bool is_held) {
    int64_t before = lk_take_pin(script);
    int place = find(NULL);
    if (place < 0) place = (int)(oldest++ % PINS);
    pins[place].script = script;
    pins[place].version = version;
    pins[place].is_held = is_held;
    return before;
}

int64_t lk_pinned(const void *script) {
    int place = find(script);
    return place < 0 ? -1 : pins[place].version;
}

int64_t lk_take_pin(const void *script) {
    int place = find(script);
    if (place < 0) return -1;
    pins[place].script = NULL;
    return pins[place].is_held ? pins[place].version : -1;
}
