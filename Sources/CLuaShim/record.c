#include <string.h>

#include "vm.h"

static const char view_metatable = 0, header_metatable = 0, fixed_header_metatable = 0;

static lk_view *check_view(lua_State *L) {
    lk_view *view = lua_touserdata(L, 1);
    if (view && view == lk_of(L)->view && view->record) return view;
    view = lk_userdata(L, 1, &lk_view_magic);
    if (!view) luaL_error(L, "record expected, got %s (is it called with ':'?)", luaL_typename(L, 1));
    if (!view->record) luaL_error(L, "the record is used after its hook has returned");
    return view;
}

static bool is_written(const lk_view *view, lk_record_field field) { return view->written >> field & 1; }

static lk_record_field field_named(const char *name, size_t length) {
    // Compared with constants, so that the compiler makes each of them one instruction or two.
#define IS(text) (length == sizeof(text) - 1 && memcmp(name, text, sizeof(text) - 1) == 0)
    if (IS("key")) return LK_RECORD_KEY;
    if (IS("value")) return LK_RECORD_VALUE;
    if (IS("topic")) return LK_RECORD_TOPIC;
    if (IS("headers")) return LK_RECORD_HEADERS;
    if (IS("timestamp")) return LK_RECORD_TIMESTAMP;
    if (IS("partition")) return LK_RECORD_PARTITION;
#undef IS
    return 0;
}

static void push_headers(lua_State *L, lk_view *view) {
    const lk_record *record = view->record;
    lua_createtable(L, record->header_count < INT32_MAX ? (int)record->header_count : 0, 0);
    for (size_t i = 0; i < record->header_count; i++) {
        const lk_header *header = &record->headers[i];
        lua_createtable(L, 2, 0);
        lua_pushlstring(L, header->key_length ? header->key : "", header->key_length);
        lua_rawseti(L, -2, 1);
        if (header->value) {
            lua_pushlstring(L, header->value, header->value_length);
            lua_rawseti(L, -2, 2);
        }
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, record->is_writable ? &header_metatable : &fixed_header_metatable);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, LK_RECORD_HEADERS);
    view->written |= 1u << LK_RECORD_HEADERS;
}

static int refuse_write(lua_State *L) { return luaL_error(L, "the record is read-only in this hook"); }

// The last header of that name, as Java's `lastHeader`.
static int header_named(lua_State *L) {
    if (lua_type(L, 2) != LUA_TSTRING || lua_type(L, 1) != LUA_TTABLE) return 0;
    for (lua_Unsigned i = lua_rawlen(L, 1); i > 0; i--) {
        if (lua_rawgeti(L, 1, (lua_Integer)i) == LUA_TTABLE) {
            lua_rawgeti(L, -1, 1);
            if (lua_rawequal(L, -1, 2)) {
                lua_rawgeti(L, -2, 2);
                return 1;
            }
        }
        lua_settop(L, 2);
    }
    return 0;
}

static const void *key_bytes(lua_State *L, const lk_view *view, size_t *length) {
    if (is_written(view, LK_RECORD_KEY)) {
        // The record keeps the string alive.
        bool is_string = lua_getiuservalue(L, 1, LK_RECORD_KEY) == LUA_TSTRING;
        return is_string ? lua_tolstring(L, -1, length) : NULL;
    }
    const lk_value *key = &view->record->key;
    if (key->type == LK_STRING) {
        *length = key->length;
        return key->bytes ? key->bytes : "";
    }
    if (key->reference == 0 || lua_rawgeti(L, LUA_REGISTRYINDEX, key->reference) != LUA_TSTRING) return NULL;
    return lua_tolstring(L, -1, length);
}

static int key_is(lua_State *L) {
    const lk_view *view = check_view(L);
    size_t length, wanted_length;
    const char *wanted = luaL_checklstring(L, 2, &wanted_length);
    const void *key = key_bytes(L, view, &length);
    lua_pushboolean(L, key && length == wanted_length && memcmp(key, wanted, length) == 0);
    return 1;
}

// Murmur2 as in Java's `org.apache.kafka.common.utils.Utils`, made positive as its partitioners make it.
static uint32_t murmur2(const uint8_t *bytes, size_t length) {
    const uint32_t m = 0x5bd1e995;
    uint32_t hash = 0x9747b28c ^ (uint32_t)length;
    for (; length >= 4; bytes += 4, length -= 4) {
        uint32_t k = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
        k *= m;
        hash = (hash * m) ^ ((k ^ k >> 24) * m);
    }
    if (length > 2) hash ^= (uint32_t)bytes[2] << 16;
    if (length > 1) hash ^= (uint32_t)bytes[1] << 8;
    if (length > 0) hash = (hash ^ bytes[0]) * m;
    hash = (hash ^ hash >> 13) * m;
    return (hash ^ hash >> 15) & 0x7fffffff;
}

static int hash(lua_State *L) {
    size_t length;
    const void *key = key_bytes(L, check_view(L), &length);
    if (!key) return luaL_error(L, "the record has no key to hash, or one that is not a string");
    lua_pushinteger(L, murmur2(key, length));
    return 1;
}

static int push_optional(lua_State *L, int64_t value) {
    if (value < 0) {
        lua_pushnil(L);
    } else {
        lua_pushinteger(L, value);
    }
    return 1;
}

static int index_record(lua_State *L) {
    lk_view *view = check_view(L);
    size_t length = 0;
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &length) : "";
    lk_record_field field = field_named(name, length);
    if (field && is_written(view, field)) {
        lua_getiuservalue(L, 1, field);
        return 1;
    }
    if (field > LK_RECORD_KEY && view->record->is_key_alone) {
        return luaL_error(L, "with partition_by = 'key' there are topic and key of a record alone, not '%s'", name);
    }
    switch (field) {
    case LK_RECORD_TOPIC: lk_push_value(L, &view->record->topic); return 1;
    case LK_RECORD_KEY: lk_push_value(L, &view->record->key); return 1;
    case LK_RECORD_VALUE: lk_push_value(L, &view->record->value); return 1;
    case LK_RECORD_HEADERS: push_headers(L, view); return 1;
    case LK_RECORD_TIMESTAMP: return push_optional(L, view->record->timestamp);
    case LK_RECORD_PARTITION: return push_optional(L, view->record->partition);
    }
    if (length == 6 && memcmp(name, "key_is", 6) == 0) {
        lua_pushcfunction(L, key_is);
        return 1;
    }
    if (length == 4 && memcmp(name, "hash", 4) == 0) {
        lua_pushcfunction(L, hash);
        return 1;
    }
    return luaL_error(L, "a record has no field '%s'", luaL_tolstring(L, 2, NULL));
}

static void check_written(lua_State *L, lk_record_field field, const char *name) {
    int type = lua_type(L, 3);
    const char *wanted = NULL;
    if (field == LK_RECORD_TOPIC && type != LUA_TSTRING) wanted = "a string";
    if (field == LK_RECORD_HEADERS && type != LUA_TTABLE && type != LUA_TNIL) wanted = "a table or nil";
    if ((field == LK_RECORD_PARTITION || field == LK_RECORD_TIMESTAMP) && type != LUA_TNIL &&
        !(lua_isinteger(L, 3) && lua_tointeger(L, 3) >= 0)) {
        wanted = "an integer of 0 or more, or nil";
    }
    if (wanted) luaL_error(L, "field '%s' of a record must be %s, got %s", name, wanted, luaL_typename(L, 3));
}

static int set_field(lua_State *L) {
    lk_view *view = check_view(L);
    size_t length = 0;
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &length) : "";
    lk_record_field field = field_named(name, length);
    if (!field) return luaL_error(L, "a record has no field '%s'", luaL_tolstring(L, 2, NULL));
    if (!view->record->is_writable) return refuse_write(L);
    check_written(L, field, name);
    lua_settop(L, 3);
    lua_setiuservalue(L, 1, field);
    view->written |= 1u << field;
    return 0;
}

static int describe(lua_State *L) {
    lua_pushliteral(L, "record");
    return 1;
}

// Leaves a new view on the stack.
static lk_view *new_view(lua_State *L) {
    lk_view *view = lua_newuserdatauv(L, sizeof(lk_view), LK_RECORD_PARTITION);
    *view = (lk_view){.magic = &lk_view_magic};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &view_metatable);
    lua_setmetatable(L, -2);
    return view;
}

static int new_view_body(lua_State *L) {
    new_view(L);
    return 1;
}

int lk_open_record(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"__index", index_record}, {"__newindex", set_field}, {"__tostring", describe}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_pushliteral(L, "record");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &view_metatable);

    static const luaL_Reg header_functions[] = {{"__index", header_named}, {NULL, NULL}};
    luaL_newlib(L, header_functions);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &header_metatable);

    // What is added to headers that are no longer the record's would be lost without a word.
    static const luaL_Reg fixed_header_functions[] = {
        {"__index", header_named}, {"__newindex", refuse_write}, {NULL, NULL}};
    luaL_newlib(L, fixed_header_functions);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &fixed_header_metatable);
    return 0;
}

static int32_t add_view(lk_vm *vm, lk_view **view) {
    int top = lk_top(vm);
    int32_t reference = 0;
    if (lk_protect(vm, new_view_body, NULL) == LK_OK) {
        reference = lk_retain(vm, top + 1);
        *view = lua_touserdata(vm->L, top + 1);
    }
    lk_set_top(vm, top);
    return reference;
}

// Lends the record to Lua until `unbind_record`, in whatever order, and gives the view's reference. 0 when there is no
// memory.
static int32_t bind_record(lk_vm *vm, const lk_record *record) {
    if (!vm->view && !(vm->record = add_view(vm, &vm->view))) {
        vm->view = NULL;
        return 0;
    }
    if (!vm->view->record) {
        vm->view->record = record;
        return vm->record;
    }
    // A hook within a hook gets a view of its own.
    lk_view *view;
    int32_t reference = add_view(vm, &view);
    if (reference) view->record = record;
    return reference;
}

static lk_view *view_of(lk_vm *vm, int32_t reference) {
    if (reference == vm->record) return vm->view;
    if (!reference || !lua_checkstack(vm->L, 4)) return NULL;
    lua_rawgeti(vm->L, LUA_REGISTRYINDEX, reference);
    lk_view *view = lk_userdata(vm->L, -1, &lk_view_magic);
    lua_pop(vm->L, 1);
    return view;
}

// Whatever Lua still holds of the record raises from now on.
static void unbind_record(lk_vm *vm, int32_t reference) {
    lk_view *view = view_of(vm, reference);
    if (!view) return;
    view->record = NULL;
    if (view->written && lua_checkstack(vm->L, 4)) {
        lua_rawgeti(vm->L, LUA_REGISTRYINDEX, reference);
        for (int field = LK_RECORD_TOPIC; field <= LK_RECORD_PARTITION; field++) {
            if (!is_written(view, field)) continue;
            lua_pushnil(vm->L);
            lua_setiuservalue(vm->L, -2, field);
        }
        lua_pop(vm->L, 1);
    }
    view->written = 0;
    if (reference != vm->record) lk_forget(vm, reference);
}

// Leaves on the stack, which has room, what was written.
static lk_written push_written(lk_vm *vm, int32_t reference) {
    const lk_view *view = view_of(vm, reference);
    lk_written written = {0};
    if (!view || !view->written) return written;
    lua_State *L = vm->L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
    int place = lua_gettop(L);
    written.fields = view->written;
    written.slot = place + 1;
    for (int field = LK_RECORD_TOPIC; field <= LK_RECORD_PARTITION; field++) {
        if (is_written(view, field)) lua_getiuservalue(L, place, field);
    }
    return written;
}

static void take_answer(lua_State *L, int top, lk_answer *answer) {
    int is_integer = 0;
    answer->type = LK_OTHER;
    if (lua_type(L, top + 1) == LUA_TNUMBER) {
        answer->integer = lua_tointegerx(L, top + 1, &is_integer);
        if (!is_integer) return;
        answer->type = LK_INTEGER;
    } else if (lua_isnoneornil(L, top + 1)) {
        answer->type = LK_NIL;
    } else {
        return;
    }
    lua_settop(L, top);
}

// Calls a hook with what `bind_record` gave, and with an integer where one is given.
static lk_status call_bound(lk_vm *vm, int32_t function, int32_t reference, const int64_t *argument) {
    lua_State *L = vm->L;
    if (!reference || !lua_checkstack(L, 8 + LK_RECORD_PARTITION)) return lk_out_of_memory(vm);
    int handler = lk_push_handler(vm);
    lua_rawgeti(L, LUA_REGISTRYINDEX, function);
    lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
    if (argument) lua_pushinteger(L, *argument);
    return lk_run(vm, handler, argument ? 2 : 1, vm->op_count);
}

lk_status lk_call_record(lk_vm *vm, int32_t function, const lk_record *record, int64_t argument, lk_answer *answer) {
    int top = lua_gettop(vm->L);
    int32_t reference = bind_record(vm, record);
    lk_status status = call_bound(vm, function, reference, &argument);
    unbind_record(vm, reference);
    if (status == LK_OK) take_answer(vm->L, top, answer);
    return status;
}

lk_status lk_call_writing(lk_vm *vm, int32_t function, const lk_record *record, lk_written *written) {
    int top = lua_gettop(vm->L);
    int32_t reference = bind_record(vm, record);
    lk_status status = call_bound(vm, function, reference, NULL);
    if (status == LK_OK) {
        // What it returned is of no interest.
        lua_settop(vm->L, top);
        *written = push_written(vm, reference);
    }
    unbind_record(vm, reference);
    return status;
}
