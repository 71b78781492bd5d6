#include <time.h>

#include "vm.h"

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void lk_stop(lua_State *L, lk_vm *vm, lk_status status) {
    vm->stopping = status;
    lua_sethook(vm->main, lk_hook, LUA_MASKCOUNT, 1);
    if (L != vm->main) lua_sethook(L, lk_hook, LUA_MASKCOUNT, 1);
}

static lk_status reason_to_stop(lk_vm *vm) {
    if (lk_flag_get(vm->interrupt)) {
        lk_flag_set(vm->interrupt, false);
        return LK_INTERRUPTED;
    }
    if (!vm->time_limit) return LK_OK;
    // The clock is read by the hook alone, so that a short call does not pay for it.
    uint64_t time = now();
    if (!vm->deadline) vm->deadline = time + vm->time_limit;
    return time >= vm->deadline ? LK_TIMEOUT : LK_OK;
}

void lk_hook(lua_State *L, lua_Debug *ar) {
    (void)ar;
    lk_vm *vm = lk_of(L);
    if (!vm->stopping) {
        lk_status status = reason_to_stop(vm);
        if (!status) {
            // A coroutine may have been left with the hook of a call that was stopped.
            if (lua_gethookcount(L) != LK_HOOK_INTERVAL) lua_sethook(L, lk_hook, LUA_MASKCOUNT, LK_HOOK_INTERVAL);
            return;
        }
        lk_stop(L, vm, status);
    } else if (lua_gethookcount(L) != 1) {
        lua_sethook(L, lk_hook, LUA_MASKCOUNT, 1);
    }
    luaL_where(L, 0);
    lua_pushstring(L, vm->stopping == LK_TIMEOUT ? "time limit exceeded" : "interrupted");
    lua_concat(L, 2);
    lua_error(L);
}
