#include <stdatomic.h>

#include "CLuaShim.h"

uint32_t lk_thread_number(void) {
    static atomic_uint count;
    static _Thread_local uint32_t number;  // from 1; 0 before it was asked for
    if (!number) number = atomic_fetch_add_explicit(&count, 1, memory_order_relaxed) + 1;
    return number - 1;
}

static _Thread_local struct {
    const void *script;
    int64_t version;
} pin;

void lk_pin(const void *script, int64_t version) {
    pin.script = script;
    pin.version = version;
}

int64_t lk_pinned(const void *script) { return pin.script == script ? pin.version : -1; }
