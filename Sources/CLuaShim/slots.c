#include <stdlib.h>
#include <string.h>

#include "vm.h"

// Lua reads a positive index beyond the top of the stack as none.
static bool exists(const lk_vm *vm, int32_t slot) { return (void)vm, slot > 0; }

lk_type lk_type_at(const lk_vm *vm, int32_t slot) {
    if (!exists(vm, slot)) return LK_ABSENT;
    lua_State *L = vm->L;
    switch (lua_type(L, slot)) {
    case LUA_TNONE: return LK_ABSENT;
    case LUA_TNIL: return LK_NIL;
    case LUA_TBOOLEAN: return LK_BOOLEAN;
    case LUA_TNUMBER: return lua_isinteger(L, slot) ? LK_INTEGER : LK_NUMBER;
    case LUA_TSTRING: return LK_STRING;
    case LUA_TTABLE: return LK_TABLE;
    case LUA_TFUNCTION: return LK_FUNCTION;
    case LUA_TUSERDATA:
        if (lk_userdata(L, slot, &lk_object_magic) || lk_userdata(L, slot, &lk_part_magic)) return LK_OBJECT;
        return lk_userdata(L, slot, &lk_view_magic) ? LK_RECORD : LK_OTHER;
    default: return LK_OTHER;
    }
}

bool lk_boolean_at(const lk_vm *vm, int32_t slot) { return exists(vm, slot) && lua_toboolean(vm->L, slot); }

bool lk_integer_at(const lk_vm *vm, int32_t slot, int64_t *value) {
    if (!exists(vm, slot) || lua_type(vm->L, slot) != LUA_TNUMBER) return false;
    int is_integer = 0;
    *value = lua_tointegerx(vm->L, slot, &is_integer);
    return is_integer;
}

bool lk_number_at(const lk_vm *vm, int32_t slot, double *value) {
    if (!exists(vm, slot) || lua_type(vm->L, slot) != LUA_TNUMBER) return false;
    *value = lua_tonumberx(vm->L, slot, NULL);
    return true;
}

const void *lk_bytes_at(const lk_vm *vm, int32_t slot, size_t *length) {
    // A number would be converted in place, which allocates.
    if (!exists(vm, slot) || lua_type(vm->L, slot) != LUA_TSTRING) return NULL;
    return lua_tolstring(vm->L, slot, length);
}

void *lk_object_at(const lk_vm *vm, int32_t slot, const void *identity) {
    if (!exists(vm, slot)) return NULL;
    lk_object *object = lk_userdata(vm->L, slot, &lk_object_magic);
    return object && object->identity == identity ? object->object : NULL;
}

void *lk_part_at(lk_vm *vm, int32_t slot, const void *identity, int64_t *number) {
    if (!exists(vm, slot)) return NULL;
    lua_State *L = vm->L;
    lk_part *part = lk_userdata(L, slot, &lk_part_magic);
    if (!part || part->identity != identity || !lua_checkstack(L, 1)) return NULL;
    *number = part->number;
    // Asked for each time: `debug` may have put something else in its place.
    lua_getiuservalue(L, slot, 1);
    lk_object *whole = lk_userdata(L, -1, &lk_object_magic);
    void *object = whole && whole->identity == identity ? whole->object : NULL;
    lua_pop(L, 1);
    return object;
}

uintptr_t lk_address_at(const lk_vm *vm, int32_t slot) {
    return exists(vm, slot) ? (uintptr_t)lua_topointer(vm->L, slot) : 0;
}

int32_t lk_line_at(const lk_vm *vm, int32_t slot) {
    if (!exists(vm, slot) || lua_type(vm->L, slot) != LUA_TFUNCTION || !lua_checkstack(vm->L, 4)) return 0;
    lua_Debug ar;
    lua_pushvalue(vm->L, slot);
    return lua_getinfo(vm->L, ">S", &ar) && ar.linedefined > 0 ? ar.linedefined : 0;
}

const char *lk_type_name_at(lk_vm *vm, int32_t slot) {
    if (!exists(vm, slot)) return "no value";
    lua_State *L = vm->L;
    const char *name = lua_typename(L, lua_type(L, slot));
    static const char key[] = "__name";
    int32_t metatable = lua_type(L, slot) == LUA_TUSERDATA ? lk_metatable(vm, slot) : 0;
    if (!metatable) return name;
    int32_t field = lk_field(vm, metatable, key, sizeof(key) - 1);
    // The metatable keeps the string alive after its slot is gone.
    if (field && lua_type(L, field) == LUA_TSTRING) name = lua_tostring(L, field);
    lk_set_top(vm, metatable - 1);
    return name;
}

size_t lk_count_at(const lk_vm *vm, int32_t slot) { return exists(vm, slot) ? lua_rawlen(vm->L, slot) : 0; }

static int intern(lua_State *L) {
    const lk_name *name = lua_touserdata(L, 1);
    lua_pushlstring(L, name->name, name->length);
    return 1;
}

// Pushes the string of a constant without making it again.
static bool push_name(lk_vm *vm, const char *name, size_t length) {
    lk_name *entry = &vm->names[((uintptr_t)name ^ ((uintptr_t)name >> 7)) % LK_NAMES];
    if (entry->name == name && entry->length == length) {
        lua_rawgeti(vm->L, LUA_REGISTRYINDEX, entry->reference);
        return true;
    }
    lk_name wanted = {.name = name, .length = length};
    int top = lua_gettop(vm->L);
    if (lk_protect(vm, intern, &wanted) != LK_OK || !(wanted.reference = lk_retain(vm, top + 1))) {
        lua_settop(vm->L, top);
        return false;
    }
    if (entry->name) lk_forget(vm, entry->reference);
    *entry = wanted;
    return true;
}

int32_t lk_field(lk_vm *vm, int32_t table, const char *name, size_t length) {
    lua_State *L = vm->L;
    if (!exists(vm, table) || lua_type(L, table) != LUA_TTABLE || !lua_checkstack(L, 8)) return 0;
    if (!push_name(vm, name, length)) return 0;
    lua_rawget(L, table);
    return lua_gettop(L);
}

int32_t lk_item(lk_vm *vm, int32_t table, int64_t index) {
    lua_State *L = vm->L;
    if (!exists(vm, table) || lua_type(L, table) != LUA_TTABLE || !lua_checkstack(L, 4)) return 0;
    lua_rawgeti(L, table, index);
    return lua_gettop(L);
}

int32_t lk_metatable(lk_vm *vm, int32_t slot) {
    lua_State *L = vm->L;
    if (!exists(vm, slot) || !lua_checkstack(L, 4)) return 0;
    return lua_getmetatable(L, slot) ? lua_gettop(L) : 0;
}

int32_t lk_begin(lk_vm *vm) {
    if (!lua_checkstack(vm->L, 8)) return 0;
    lua_pushnil(vm->L);
    lua_pushnil(vm->L);
    return lua_gettop(vm->L) - 1;
}

// Raises when a script that ran meanwhile took the key out of the table.
static int next_body(lua_State *L) { return lua_next(L, 1) ? 2 : 0; }

bool lk_next(lk_vm *vm, int32_t table, int32_t key) {
    lua_State *L = vm->L;
    if (!exists(vm, table) || lua_type(L, table) != LUA_TTABLE || key < 1 || key >= lua_gettop(L)) return false;
    lua_settop(L, key + 1);
    if (!lua_checkstack(L, 4)) return false;
    lua_pushcfunction(L, next_body);
    lua_pushvalue(L, table);
    lua_pushvalue(L, key);
    bool has_next = lua_pcall(L, 2, LUA_MULTRET, 0) == LUA_OK && lua_gettop(L) == key + 3;
    if (has_next) {
        lua_copy(L, key + 2, key);
        lua_copy(L, key + 3, key + 1);
    }
    lua_settop(L, key + 1);
    return has_next;
}

// References are items of Lua's registry that were made ahead, so that keeping a value allocates nothing.
static int make_references(lua_State *L) {
    lk_vm *vm = lk_of(L);
    lua_Unsigned next = lua_rawlen(L, LUA_REGISTRYINDEX) + 1;
    if (next == LUA_RIDX_LAST + 1) {
        // The auxiliary library keeps its own free list here.
        lua_pushinteger(L, 0);
        lua_rawseti(L, LUA_REGISTRYINDEX, (lua_Integer)next++);
    }
    int32_t room = vm->free_capacity - vm->reference_count;
    for (int32_t i = 0; i < room; i++) {
        lua_pushboolean(L, false);
        lua_rawseti(L, LUA_REGISTRYINDEX, (lua_Integer)next);
        vm->free_references[vm->free_count++] = (int32_t)next++;
    }
    return 0;
}

static bool grow_references(lk_vm *vm) {
    if (vm->reference_count == vm->free_capacity) {
        if (vm->free_capacity >= INT32_MAX / 4) return false;
        int32_t capacity = vm->free_capacity ? vm->free_capacity * 2 : 64;
        int32_t *grown = realloc(vm->free_references, (size_t)capacity * sizeof(int32_t));
        if (!grown) return false;
        vm->free_references = grown;
        vm->free_capacity = capacity;
    }
    lk_protect(vm, make_references, NULL);
    return vm->free_count > 0;
}

int32_t lk_retain(lk_vm *vm, int32_t slot) {
    if (!exists(vm, slot)) return 0;
    int top = lua_gettop(vm->L);
    if (vm->free_count == 0 && !grow_references(vm)) {
        lk_set_top(vm, top);
        return 0;
    }
    lk_set_top(vm, top);
    if (!lua_checkstack(vm->L, 4)) return 0;
    int32_t reference = vm->free_references[--vm->free_count];
    vm->reference_count += 1;
    lua_pushvalue(vm->L, slot);
    lua_rawseti(vm->L, LUA_REGISTRYINDEX, reference);
    return reference;
}

void lk_forget(lk_vm *vm, int32_t reference) {
    if (reference <= LUA_RIDX_LAST + 1 || vm->reference_count == 0 || !lua_checkstack(vm->L, 4)) return;
    lua_pushboolean(vm->L, false);
    lua_rawseti(vm->L, LUA_REGISTRYINDEX, reference);
    vm->free_references[vm->free_count++] = reference;
    vm->reference_count -= 1;
}

int32_t lk_reference_count(const lk_vm *vm) { return vm->reference_count; }
