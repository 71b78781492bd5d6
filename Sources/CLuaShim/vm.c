#include "vm.h"

#include <stdlib.h>
#include <string.h>

// Lua collects when memory has doubled, and a plugin holds little: its strings, such as keys that come again and again,
// would be made anew all the time. Bytes that nobody touches let them live longer.
static void add_ballast(lua_State *L) {
    lk_vm *vm = lk_of(L);
    lua_newuserdatauv(L, LK_BALLAST, 0);
    luaL_ref(L, LUA_REGISTRYINDEX);
    vm->ballast = LK_BALLAST;
    vm->peak = vm->used -= vm->ballast;
}

static int open_libraries(lua_State *L) {
    const lk_options *options = lua_touserdata(L, 1);
    if (options->profile == LK_PROFILE_PLUGIN) {
        lk_open_sandbox(L);
        add_ballast(L);
    } else {
        luaL_openlibs(L);
        if (lk_of(L)->has_signal) lk_open_coroutines(L);
    }
    lk_open_patterns(L);
    lua_settop(L, 0);
    lk_open_host(L);
    lk_open_record(L);
    return 0;
}

lk_vm *lk_new(const lk_options *options) {
    lk_vm *vm = calloc(1, sizeof(lk_vm));
    if (!vm) return NULL;
    vm->release = options->release;
    vm->interrupt = options->interrupt;
    vm->main = lua_newstate(lk_allocate, vm);
    if (!vm->main) {
        free(vm);
        return NULL;
    }
    vm->L = vm->main;
    *(lk_vm **)lua_getextraspace(vm->main) = vm;
    // What a record leaves behind is young: the more of it is collected at once, the less each costs.
    lua_gc(vm->main, LUA_GCGEN, LK_YOUNG_PERCENT, LK_OLD_PERCENT);
    lua_pushcfunction(vm->main, lk_on_error);
    bool takes_signal = lk_take_signal(vm, options);
    lk_status status = lk_protect(vm, open_libraries, (void *)options);
    lua_settop(vm->main, 1);
    vm->time_limit = options->time_limit;
    vm->memory_limit = options->memory_limit;
    if (vm->memory_limit && vm->memory_limit < vm->used) vm->memory_limit = vm->used;
    lk_rest(vm);
    if (status != LK_OK || !takes_signal) {
        lk_close(vm);
        return NULL;
    }
    return vm;
}

size_t lk_close(lk_vm *vm) {
    lk_drop(vm, 0);
    vm->memory_limit = 0;
    vm->is_closing = true;
    vm->used += vm->ballast;
    lua_close(vm->main);
    size_t left = vm->used;
    free(vm->ops);
    free(vm->arena.bytes);
    free(vm->free_references);
    lk_captured_free(&vm->error);
    lk_free_blocks(&vm->blocks);
    free(vm);
    return left;
}

size_t lk_memory_used(const lk_vm *vm) { return vm->used; }
size_t lk_memory_peak(const lk_vm *vm) { return vm->peak; }
int32_t lk_depth(const lk_vm *vm) { return vm->depth; }
bool lk_is_stopping(const lk_vm *vm) { return vm->stopping != LK_OK; }
int32_t lk_globals(const lk_vm *vm) { return (void)vm, LUA_RIDX_GLOBALS; }
int32_t lk_top(const lk_vm *vm) { return lua_gettop(vm->L); }

void lk_set_top(lk_vm *vm, int32_t top) {
    if (top < lua_gettop(vm->L)) lua_settop(vm->L, top);
}

static int collect(lua_State *L) {
    lua_gc(L, LUA_GCCOLLECT);
    return 0;
}

void lk_collect(lk_vm *vm) {
    int top = lk_top(vm);
    lk_protect(vm, collect, NULL);
    lk_set_top(vm, top);
}

void lk_captured_free(lk_captured *captured) {
    free(captured->message.bytes);
    free(captured->script.bytes);
    free(captured->traceback.bytes);
}

bool lk_text_set(lk_text *text, const char *bytes, size_t length) {
    if (length > text->capacity) {
        char *grown = realloc(text->bytes, length);
        if (!grown) {
            text->length = 0;
            return false;
        }
        text->bytes = grown;
        text->capacity = length;
    }
    if (length) memcpy(text->bytes, bytes, length);
    text->length = length;
    return true;
}
