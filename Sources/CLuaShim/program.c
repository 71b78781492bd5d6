#include <stdlib.h>
#include <string.h>

#include "vm.h"

size_t lk_mark(const lk_vm *vm) { return vm->op_count; }

static void release(lk_vm *vm, lk_op *op) {
    bool is_owner = op->type == LK_PUT_FUNCTION || op->type == LK_PUT_OBJECT || op->type == LK_PUT_PART;
    if (is_owner && op->object) {
        if (op->type == LK_PUT_PART) vm->wholes_put -= 1;
        vm->release(op->object);
        op->object = NULL;
        vm->owned -= 1;
    }
}

void lk_drop(lk_vm *vm, size_t mark) {
    // An object that is let go may run code that puts and drops too, above the count as it is then.
    while (vm->owned && vm->op_count > mark) release(vm, &vm->ops[--vm->op_count]);
    if (vm->op_count > mark) vm->op_count = mark;
    if (vm->op_count == 0) {
        vm->arena.length = 0;
        vm->allocates = false;
        vm->exhausted = false;
    }
}

static lk_op *put(lk_vm *vm, int32_t type) {
    if (vm->op_count == vm->op_capacity) {
        size_t capacity = vm->op_capacity ? vm->op_capacity * 2 : 32;
        lk_op *grown = realloc(vm->ops, capacity * sizeof(lk_op));
        if (!grown) {
            vm->exhausted = true;
            return NULL;
        }
        vm->ops = grown;
        vm->op_capacity = capacity;
    }
    lk_op *op = &vm->ops[vm->op_count++];
    op->type = (int16_t)type;
    return op;
}

void lk_put_nil(lk_vm *vm) { put(vm, LK_NIL); }

void lk_put_boolean(lk_vm *vm, bool value) {
    lk_op *op = put(vm, LK_BOOLEAN);
    if (op) op->integer = value;
}

void lk_put_integer(lk_vm *vm, int64_t value) {
    lk_op *op = put(vm, LK_INTEGER);
    if (op) op->integer = value;
}

void lk_put_number(lk_vm *vm, double value) {
    lk_op *op = put(vm, LK_NUMBER);
    if (op) op->number = value;
}

void lk_put_string(lk_vm *vm, const void *bytes, size_t length) {
    lk_text *arena = &vm->arena;
    if (length > arena->capacity - arena->length) {
        size_t capacity = arena->capacity * 2 + length + 256;
        char *grown = realloc(arena->bytes, capacity);
        if (!grown) {
            vm->exhausted = true;
            return;
        }
        arena->bytes = grown;
        arena->capacity = capacity;
    }
    lk_op *op = put(vm, LK_PUT_COPY);
    if (!op) return;
    op->integer = (int64_t)arena->length;
    op->length = length;
    if (length) memcpy(arena->bytes + arena->length, bytes, length);
    arena->length += length;
    vm->allocates = true;
}

void lk_put_borrowed(lk_vm *vm, const void *bytes, size_t length) {
    lk_op *op = put(vm, LK_STRING);
    if (!op) return;
    op->bytes = bytes;
    op->length = length;
    vm->allocates = true;
}

void lk_put_reference(lk_vm *vm, int32_t reference) {
    lk_op *op = put(vm, LK_PUT_REFERENCE);
    if (op) op->a = reference;
}

void lk_put_slot(lk_vm *vm, int32_t slot) {
    lk_op *op = put(vm, LK_PUT_SLOT);
    if (op) op->a = slot;
}

void lk_put_table(lk_vm *vm, int32_t items, int32_t fields) {
    lk_op *op = put(vm, LK_PUT_TABLE);
    if (!op) return;
    op->a = items;
    op->integer = fields;
    vm->allocates = true;
}

void lk_put_end(lk_vm *vm) { put(vm, LK_PUT_END); }

void lk_put_metatable(lk_vm *vm, int32_t reference) {
    lk_op *op = put(vm, LK_PUT_METATABLE);
    if (op) op->a = reference;
}

static lk_op *put_owned(lk_vm *vm, int32_t type, void *object) {
    lk_op *op = put(vm, type);
    if (!op) {
        vm->release(object);
        return NULL;
    }
    op->object = object;
    vm->owned += 1;
    vm->allocates = true;
    return op;
}

void lk_put_function(lk_vm *vm, lk_host_function call, const lk_string_method *strings, void *context) {
    lk_op *op = put_owned(vm, LK_PUT_FUNCTION, context);
    if (!op) return;
    op->call = call;
    op->strings = strings;
}

void lk_put_object(lk_vm *vm, int32_t class_reference, const void *identity, void *object) {
    lk_op *op = put_owned(vm, LK_PUT_OBJECT, object);
    if (!op) return;
    op->a = class_reference;
    op->identity = identity;
}

bool lk_holds_whole(const lk_vm *vm, const void *whole) {
    // What is about to be pushed may take another's place.
    return vm->wholes[lk_whole_place(whole)] == whole && vm->wholes_put == 0;
}

void lk_put_part(
    lk_vm *vm, int32_t class_reference, const void *identity, void *whole, bool is_retained, int64_t number) {
    lk_op *op = is_retained ? put_owned(vm, LK_PUT_PART, whole) : put(vm, LK_PUT_PART);
    if (!op) return;
    if (is_retained) {
        vm->wholes_put += 1;
    } else {
        op->object = NULL;
    }
    vm->allocates = true;
    op->place = (int16_t)lk_whole_place(whole);
    op->a = class_reference;
    op->identity = identity;
    op->part = number;
}

void lk_push_value(lua_State *L, const lk_value *value) {
    switch (value->type) {
    case LK_BOOLEAN: lua_pushboolean(L, value->integer != 0); break;
    case LK_INTEGER: lua_pushinteger(L, value->integer); break;
    case LK_NUMBER: lua_pushnumber(L, value->number); break;
    case LK_STRING: lua_pushlstring(L, value->bytes ? value->bytes : "", value->length); break;
    case LK_TABLE:
    case LK_FUNCTION:
    case LK_OBJECT:
    case LK_OTHER: lua_rawgeti(L, LUA_REGISTRYINDEX, value->reference); break;
    default: lua_pushnil(L);
    }
}

static void push_op(lua_State *L, lk_vm *vm, size_t index) {
    lk_op *op = &vm->ops[index];
    switch (op->type) {
    case LK_BOOLEAN: lua_pushboolean(L, op->integer != 0); break;
    case LK_INTEGER: lua_pushinteger(L, op->integer); break;
    case LK_NUMBER: lua_pushnumber(L, op->number); break;
    case LK_STRING: lua_pushlstring(L, op->length ? op->bytes : "", op->length); break;
    case LK_PUT_COPY: lua_pushlstring(L, op->length ? vm->arena.bytes + op->integer : "", op->length); break;
    case LK_PUT_REFERENCE: lua_rawgeti(L, LUA_REGISTRYINDEX, op->a); break;
    case LK_PUT_SLOT: lua_pushvalue(L, op->a); break;
    case LK_PUT_FUNCTION:
    case LK_PUT_OBJECT:
    case LK_PUT_PART:
        if (vm->is_closing) {
            // Nothing would let go of it any more: `lk_drop` does.
            lua_pushnil(L);
        } else if (op->type == LK_PUT_PART) {
            lk_push_part(L, vm, index);
        } else {
            lk_push_owned(L, vm, index);
        }
        break;
    default: lua_pushnil(L);
    }
}

int lk_push_plain(lua_State *L, lk_vm *vm, size_t mark) {
    size_t end = vm->op_count;
    for (size_t i = mark; i < end; i++) push_op(L, vm, i);
    vm->op_count = mark;
    return (int)(end - mark);
}

int lk_push_program(lua_State *L, lk_vm *vm, size_t mark) {
    if (vm->exhausted) {
        lk_drop(vm, mark);
        return luaL_error(L, "not enough memory");
    }
    // A finalizer that runs meanwhile may call the host, whose program begins above this one.
    size_t outer_floor = vm->floor;
    vm->floor = vm->op_count;
    int count = 0;
    // How deep each value sits: a key and its value are set when both are on the stack.
    int depth = 0;
    bool has_key[LK_MAX_DEPTH + 1];
    for (size_t i = mark, end = vm->op_count; i < end; i++) {
        luaL_checkstack(L, 4, "too many values");
        lk_op *op = &vm->ops[i];
        if (op->type == LK_PUT_TABLE) {
            if (depth == LK_MAX_DEPTH) luaL_error(L, "a table is nested too deeply");
            lua_createtable(L, op->a, (int)op->integer);
            has_key[++depth] = false;
            continue;
        }
        if (op->type == LK_PUT_METATABLE) {
            if (depth == 0 || has_key[depth]) luaL_error(L, "a metatable where a value belongs");
            lua_rawgeti(L, LUA_REGISTRYINDEX, op->a);
            lua_setmetatable(L, -2);
            continue;
        }
        if (op->type == LK_PUT_END) {
            if (depth == 0) continue;
            if (has_key[depth]) lua_pop(L, 1);
            depth -= 1;
        } else {
            push_op(L, vm, i);
        }
        if (depth == 0) {
            count += 1;
        } else if (!has_key[depth]) {
            has_key[depth] = true;
        } else {
            has_key[depth] = false;
            if (lua_isnil(L, -2)) luaL_error(L, "a key of a table is nil");
            lua_rawset(L, -3);
        }
    }
    if (depth > 0) luaL_error(L, "a table has no end");
    vm->floor = outer_floor;
    lk_drop(vm, mark);
    return count;
}
