#include <string.h>

#include "vm.h"

typedef struct request {
    int32_t reference;
    size_t mark;
    const char *name;
} request;

lk_status lk_out_of_memory(lk_vm *vm) {
    static const char message[] = "not enough memory";
    vm->error.status = LK_MEMORY;
    vm->error.is_incomplete = false;
    vm->error.line = 0;
    lk_text_set(&vm->error.message, message, sizeof(message) - 1);
    lk_text_set(&vm->error.script, "", 1);
    lk_text_set(&vm->error.traceback, "", 0);
    return LK_MEMORY;
}

// What the handler could not see: errors without one, and stops that a script caught at its very end.
lk_status lk_conclude(lk_vm *vm, int code) {
    static const char no_memory[] = "not enough memory";
    // The auxiliary library's buffers raise it as a string.
    bool is_memory = vm->error.is_captured && vm->error.message.length == sizeof(no_memory) - 1 &&
                     memcmp(vm->error.message.bytes, no_memory, sizeof(no_memory) - 1) == 0;
    if ((code == LUA_ERRMEM || is_memory) && !vm->stopping) return lk_out_of_memory(vm);
    if (!vm->error.is_captured) {
        lk_out_of_memory(vm);
        const char *message = vm->stopping == LK_TIMEOUT       ? "time limit exceeded"
                              : vm->stopping == LK_INTERRUPTED ? "interrupted"
                                                               : "error in error handling";
        lk_text_set(&vm->error.message, message, strlen(message));
    }
    lk_status status = vm->error.status = vm->stopping ? vm->stopping : LK_RUNTIME;
    if (vm->depth == 0 && vm->stopping) {
        vm->stopping = LK_OK;
        lk_rest(vm);
    }
    return status;
}

// The main thread has the handler at the bottom of its stack; a host function's frame needs one of its own.
int lk_push_handler(lk_vm *vm) {
    if (vm->depth == 0) return 1;
    lua_pushcfunction(vm->L, lk_on_error);
    return lua_gettop(vm->L);
}

lk_status lk_run(lk_vm *vm, int handler, int arguments, size_t floor) {
    lua_State *L = vm->L;
    size_t outer_floor = vm->floor;
    lua_State *outer = vm->running;
    vm->floor = floor;
    vm->running = L;
    bool is_outermost = vm->depth++ == 0;
    if (is_outermost) vm->deadline = 0;
    lk_captured captured = {0};
    lk_captured *outer_capturing = vm->capturing;
    vm->capturing = &captured;
    bool is_begun = is_outermost && vm->has_signal;
    lk_outer outer_vm = is_begun ? lk_begin_signals(vm) : (lk_outer){0};
    int code = lua_pcall(L, arguments, LUA_MULTRET, handler);
    if (is_begun) lk_end_signals(vm, outer_vm);
    vm->capturing = outer_capturing;
    vm->L = L;
    vm->floor = outer_floor;
    vm->running = outer;
    vm->depth -= 1;
    if (vm->depth > 0) lua_remove(L, handler);
    if (code == LUA_OK && vm->stopping == LK_OK) {
        if (captured.is_captured) lk_captured_free(&captured);
        return LK_OK;
    }
    lk_captured_free(&vm->error);
    vm->error = captured;
    lk_drop(vm, floor);
    return lk_conclude(vm, code);
}

lk_status lk_protect(lk_vm *vm, lua_CFunction body, void *request) {
    lua_State *L = vm->L;
    if (!lua_checkstack(L, 8)) return lk_out_of_memory(vm);
    int handler = lk_push_handler(vm);
    lua_pushcfunction(L, body);
    lua_pushlightuserdata(L, request);
    return lk_run(vm, handler, 1, vm->op_count);
}

static lk_status protect_program(lk_vm *vm, lua_CFunction body, request request) {
    lua_State *L = vm->L;
    if (!lua_checkstack(L, 8)) {
        lk_drop(vm, request.mark);
        return lk_out_of_memory(vm);
    }
    int handler = lk_push_handler(vm);
    lua_pushcfunction(L, body);
    lua_pushlightuserdata(L, &request);
    return lk_run(vm, handler, 1, request.mark);
}

static int call_body(lua_State *L) {
    request request = *(struct request *)lua_touserdata(L, 1);
    lua_settop(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, request.reference);
    int count = lk_push_program(L, lk_of(L), request.mark);
    lua_call(L, count, LUA_MULTRET);
    return lua_gettop(L);
}

lk_status lk_call(lk_vm *vm, int32_t reference, size_t mark) {
    if (vm->allocates || vm->exhausted) {
        return protect_program(vm, call_body, (request){.reference = reference, .mark = mark});
    }
    lua_State *L = vm->L;
    if (!lua_checkstack(L, (int)(vm->op_count - mark) + 8)) {
        lk_drop(vm, mark);
        return lk_out_of_memory(vm);
    }
    int handler = lk_push_handler(vm);
    lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
    int count = lk_push_plain(L, vm, mark);
    return lk_run(vm, handler, count, mark);
}

static int push_body(lua_State *L) {
    const request *request = lua_touserdata(L, 1);
    return lk_push_program(L, lk_of(L), request->mark);
}

lk_status lk_push(lk_vm *vm, size_t mark) { return protect_program(vm, push_body, (request){.mark = mark}); }

static const request *push_table(lua_State *L) {
    const request *request = lua_touserdata(L, 1);
    if (lua_rawgeti(L, LUA_REGISTRYINDEX, request->reference) != LUA_TTABLE) luaL_error(L, "not a table");
    return request;
}

static int get_body(lua_State *L) {
    const request *request = push_table(L);
    lk_push_program(L, lk_of(L), request->mark);
    lua_rawget(L, 2);
    return 1;
}

lk_status lk_get(lk_vm *vm, int32_t table, size_t mark) {
    return protect_program(vm, get_body, (request){.reference = table, .mark = mark});
}

static int set_body(lua_State *L) {
    const request *request = push_table(L);
    int count = lk_push_program(L, lk_of(L), request->mark);
    for (; count >= 2; count -= 2) lua_rawset(L, 2);
    return 0;
}

lk_status lk_set(lk_vm *vm, int32_t table, size_t mark) {
    return protect_program(vm, set_body, (request){.reference = table, .mark = mark});
}

static int module_body(lua_State *L) {
    const request *request = lua_touserdata(L, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lk_push_program(L, lk_of(L), request->mark);
    lua_setfield(L, 2, request->name);
    return 0;
}

lk_status lk_set_module(lk_vm *vm, const char *name, size_t mark) {
    return protect_program(vm, module_body, (request){.name = name, .mark = mark});
}

static int to_string_body(lua_State *L) {
    luaL_tolstring(L, 1, NULL);
    return 1;
}

lk_status lk_to_string(lk_vm *vm, int32_t slot) {
    lua_State *L = vm->L;
    if (!lua_checkstack(L, 8)) return lk_out_of_memory(vm);
    int handler = lk_push_handler(vm);
    lua_pushcfunction(L, to_string_body);
    lua_pushvalue(L, slot);
    return lk_run(vm, handler, 1, vm->op_count);
}
