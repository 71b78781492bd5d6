#include "vm.h"

const char lk_object_magic = 'o', lk_part_magic = 'p', lk_function_magic = 'f', lk_view_magic = 'v';

static const char function_metatable = 0, whole_metatable = 0;

static int release_function(lua_State *L) {
    lk_function *function = lk_userdata(L, 1, &lk_function_magic);
    if (!function || !function->context) return 0;
    void *context = function->context;
    function->context = NULL;
    lk_of(L)->release(context);
    return 0;
}

static int release_object(lua_State *L) {
    lk_object *object = lk_userdata(L, 1, &lk_object_magic);
    if (!object || !object->object) return 0;
    void *held = object->object;
    object->object = NULL;
    lk_of(L)->release(held);
    return 0;
}

static int describe_object(lua_State *L) {
    luaL_getmetafield(L, 1, "__name");
    lua_pushfstring(L, "%s: %p", lua_tostring(L, -1), lua_topointer(L, 1));
    return 1;
}

static int set_upvalue(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    if (lua_iscfunction(L, 1)) return luaL_argerror(L, 1, "Lua function expected");
    luaL_checkany(L, 3);
    lua_settop(L, 3);
    const char *name = lua_setupvalue(L, 1, (int)luaL_checkinteger(L, 2));
    if (!name) return 0;
    lua_pushstring(L, name);
    return 1;
}

int lk_open_host(lua_State *L) {
    if (lua_getglobal(L, LUA_DBLIBNAME) == LUA_TTABLE) {
        lua_pushcfunction(L, set_upvalue);
        lua_setfield(L, -2, "setupvalue");
    }
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, release_function);
    lua_setfield(L, -2, "__gc");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &function_metatable);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, release_object);
    lua_setfield(L, -2, "__gc");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &whole_metatable);
    for (int place = 0; place < LK_WHOLES; place++) {
        lua_pushboolean(L, false);
        lk_of(L)->whole_references[place] = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    return 0;
}

int lk_raise_failed(lua_State *L, lk_vm *vm, size_t mark, lk_status status) {
    bool is_positioned = vm->fail_is_positioned;
    if (lk_push_program(L, vm, mark) == 0) lua_pushliteral(L, "the host function failed");
    if (lua_type(L, -1) == LUA_TSTRING && !is_positioned) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    if (status == LK_TIMEOUT || status == LK_INTERRUPTED) lk_stop(L, vm, status);
    return lua_error(L);
}

int lk_call_host(lua_State *L) {
    // Nothing else can be there: `debug.setupvalue` refuses functions of C.
    lk_function *function = lua_touserdata(L, lua_upvalueindex(1));
    if (!function || !function->context) return luaL_error(L, "the host function was released");
    lk_vm *vm = lk_of(L);
    lua_State *outer = vm->L;
    size_t mark = vm->floor;
    if (vm->op_count > mark) lk_drop(vm, mark);
    vm->L = L;
    lk_status status = function->call(function->context, vm, lua_gettop(L));
    vm->L = outer;
    if (status != LK_OK) return lk_raise_failed(L, vm, mark, status);
    size_t count = vm->op_count - mark;
    if (count == 0) return 0;
    if (!vm->allocates && !vm->exhausted && lua_checkstack(L, (int)count + 4)) return lk_push_plain(L, vm, mark);
    return lk_push_program(L, vm, mark);
}

// The whole is looked up first, as a finalizer which runs when the part is made may put another into its place.
void lk_push_part_of(lua_State *L, const lk_vm *vm, int place, const void *identity, int64_t number, int32_t class_reference) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, vm->whole_references[place]);
    lk_part *block = lua_newuserdatauv(L, sizeof(lk_part), 1);
    block->magic = &lk_part_magic;
    block->identity = identity;
    block->number = number;
    lua_pushvalue(L, -2);
    lua_setiuservalue(L, -2, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, class_reference);
    lua_setmetatable(L, -2);
}

void lk_push_owned(lua_State *L, lk_vm *vm, size_t index) {
    // The program may move when a finalizer runs, so it is asked for again after each allocation.
    if (vm->ops[index].type == LK_PUT_FUNCTION) {
        lk_function *function = lua_newuserdatauv(L, sizeof(lk_function), 0);
        *function = (lk_function){.magic = &lk_function_magic};
        lua_rawgetp(L, LUA_REGISTRYINDEX, &function_metatable);
        lua_setmetatable(L, -2);
        function->call = vm->ops[index].call;
        function->context = vm->ops[index].object;
        function->strings = vm->ops[index].strings;
        vm->ops[index].object = NULL;
        vm->owned -= 1;
        if (function->strings) {
            lk_push_string_method(L, function->strings);
        } else {
            lua_pushcclosure(L, lk_call_host, 1);
        }
        return;
    }
    lk_object *object = lua_newuserdatauv(L, sizeof(lk_object), 0);
    *object = (lk_object){.magic = &lk_object_magic};
    if (vm->ops[index].type == LK_PUT_PART) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &whole_metatable);
    } else {
        lua_rawgeti(L, LUA_REGISTRYINDEX, vm->ops[index].a);
    }
    lua_setmetatable(L, -2);
    object->identity = vm->ops[index].identity;
    object->object = vm->ops[index].object;
    vm->ops[index].object = NULL;
    vm->owned -= 1;
}

// Parts of the same object share one value of Lua that holds it: a part has no finalizer, which would cost more than all
// the rest of it.
void lk_push_part(lua_State *L, lk_vm *vm, size_t index) {
    lk_op op = vm->ops[index];
    int place = op.place;
    if (op.object) {
        lk_push_owned(L, vm, index);
        vm->wholes_put -= 1;
        lua_rawseti(L, LUA_REGISTRYINDEX, vm->whole_references[place]);
        vm->wholes[place] = op.object;
    }
    lk_push_part_of(L, vm, place, op.identity, op.part, op.a);
    lua_remove(L, -2);
}

lk_status lk_fail(lk_vm *vm, lk_status status, bool is_positioned) {
    vm->fail_is_positioned = is_positioned;
    return status == LK_OK ? LK_RUNTIME : status;
}

typedef struct class_request {
    const char *name;
    size_t mark;
    bool is_of_parts;
} class_request;

static void set_default(lua_State *L, int table, const char *name, lua_CFunction function) {
    if (lua_getfield(L, table, name) == LUA_TNIL) {
        lua_pushcfunction(L, function);
        lua_setfield(L, table, name);
    }
    lua_pop(L, 1);
}

static int class_body(lua_State *L) {
    class_request request = *(class_request *)lua_touserdata(L, 1);
    lua_settop(L, 0);
    lk_push_program(L, lk_of(L), request.mark);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TTABLE);
    set_default(L, 2, "__tostring", describe_object);
    if (!request.is_of_parts) {
        lua_pushcfunction(L, release_object);
        lua_setfield(L, 2, "__gc");
    }
    lua_pushstring(L, request.name);
    lua_setfield(L, 2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, 2, "__metatable");
    lua_pushvalue(L, 1);
    lua_setfield(L, 2, "__index");
    lua_settop(L, 2);
    return 1;
}

int32_t lk_new_class(lk_vm *vm, const char *name, size_t mark, bool is_of_parts) {
    class_request request = {.name = name, .mark = mark, .is_of_parts = is_of_parts};
    int top = lk_top(vm);
    lk_status status = lk_protect(vm, class_body, &request);
    int32_t reference = status == LK_OK ? lk_retain(vm, lk_top(vm)) : 0;
    lk_drop(vm, mark);
    lk_set_top(vm, top);
    return reference;
}
