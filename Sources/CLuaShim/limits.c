#include <time.h>

#include "vm.h"

static uint64_t read_clock(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// How many instructions may run before the clock is read. One of them may take long: comparing strings, or making a number
// of one, and in a state that holds much stepping over a table's empty places.
static int interval(const lk_vm *vm) {
    if (!vm->time_limit) return LK_HOOK_INTERVAL;
    size_t by_length = LK_BYTES_BETWEEN_CHECKS / (vm->longest + 1) + 1;
    size_t by_memory = vm->used < 1 << 20 ? LK_HOOK_INTERVAL : vm->used < 8 << 20 ? LK_HOOK_INTERVAL / 10 : LK_HOOK_INTERVAL / 100;
    size_t count = by_length < by_memory ? by_length : by_memory;
    return count < LK_HOOK_INTERVAL ? (int)count : LK_HOOK_INTERVAL;
}

static void set_interval(lua_State *L, int count) {
    if (lua_gethookcount(L) != count) lua_sethook(L, lk_hook, LUA_MASKCOUNT, count);
}

// The hook of a thread of Lua that is not being stopped: none, where a signal sets it.
static void set_rest(lua_State *L, lk_vm *vm) {
    if (vm->has_signal && L == vm->main) {
        lua_sethook(L, NULL, 0, 0);
    } else {
        set_interval(L, interval(vm));
    }
}

void lk_rest(lk_vm *vm) { set_rest(vm->main, vm); }
void lk_hook_next(lk_vm *vm) { lua_sethook(vm->L, lk_hook, LUA_MASKCOUNT, 1); }

void lk_hurry(lk_vm *vm) {
    vm->unchecked = 0;
    if (vm->time_limit && vm->running) lua_sethook(vm->running, lk_hook, LUA_MASKCOUNT, 1);
}

void lk_stop(lua_State *L, lk_vm *vm, lk_status status) {
    vm->stopping = status;
    lua_sethook(vm->main, lk_hook, LUA_MASKCOUNT, 1);
    if (L != vm->main) lua_sethook(L, lk_hook, LUA_MASKCOUNT, 1);
}

static lk_status reason_to_stop(lk_vm *vm) {
    if (lk_flag_is_raised(vm->interrupt)) {
        lk_flag_lower(vm->interrupt);
        return LK_INTERRUPTED;
    }
    if (!vm->time_limit) return LK_OK;
    // The clock is read by the hook alone, so that a short call does not pay for it.
    uint64_t time = read_clock(CLOCK_MONOTONIC);
    if (!vm->deadline) {
        vm->deadline = time + vm->time_limit;
        vm->last_cpu_time = read_clock(CLOCK_THREAD_CPUTIME_ID) + vm->time_limit;
    }
    if (time < vm->deadline) return LK_OK;
    // What counts is the time that the call itself has used: on a busy machine others may have had the processor. Their
    // clock is dear, so it is read at the end only.
    uint64_t cpu_time = read_clock(CLOCK_THREAD_CPUTIME_ID);
    if (cpu_time >= vm->last_cpu_time) return LK_TIMEOUT;
    vm->deadline = time + (vm->last_cpu_time - cpu_time);
    return LK_OK;
}

static bool must_stop(lua_State *L, lk_vm *vm) {
    vm->unchecked = 0;
    if (!vm->stopping) {
        lk_status status = reason_to_stop(vm);
        if (!status) return false;
        lk_stop(L, vm, status);
    }
    set_interval(L, 1);
    return true;
}

static void raise(lua_State *L, const lk_vm *vm, int level) {
    luaL_where(L, level);
    lua_pushstring(L, vm->stopping == LK_TIMEOUT ? "time limit exceeded" : "interrupted");
    lua_concat(L, 2);
    lua_error(L);
}

void lk_hook(lua_State *L, lua_Debug *ar) {
    (void)ar;
    lk_vm *vm = lk_of(L);
    // Another call that was stopped may have left its hook. Before the look at the flag: what a signal sets later stays.
    set_rest(L, vm);
    if (must_stop(L, vm)) raise(L, vm, 0);
}

void lk_check(lua_State *L) {
    lk_vm *vm = lk_of(L);
    if (must_stop(L, vm)) raise(L, vm, 1);
}
