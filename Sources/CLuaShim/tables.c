#include <limits.h>

#include "vm.h"

// `table.insert`, `remove`, `move`, `concat` and `unpack` as Lua 5.4 has them, but with an end: an item may come by a long
// chain of metatables, and Lua's own go through as many items as they are told to without a look at the clock.

enum { ITEMS_A_CHECK = 256 };

static void count_item(lua_State *L, uint32_t *items) {
    if (++*items % ITEMS_A_CHECK == 0) lk_check(L);
}

static int insert(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Unsigned end = (lua_Unsigned)luaL_len(L, 1) + 1;
    lua_Integer position = (lua_Integer)end;
    int count = lua_gettop(L);
    if (count != 2 && count != 3) return luaL_error(L, "wrong number of arguments to 'insert'");
    if (count == 3) {
        position = luaL_checkinteger(L, 2);
        luaL_argcheck(L, (lua_Unsigned)position - 1 < end, 2, "position out of bounds");
        uint32_t items = 0;
        for (lua_Integer i = (lua_Integer)end; i > position; i--) {
            count_item(L, &items);
            lua_geti(L, 1, i - 1);
            lua_seti(L, 1, i);
        }
    }
    lua_seti(L, 1, position);
    return 0;
}

static int remove_item(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer size = luaL_len(L, 1);
    lua_Integer position = luaL_optinteger(L, 2, size);
    if (position != size) {
        luaL_argcheck(L, (lua_Unsigned)position - 1 <= (lua_Unsigned)size, 2, "position out of bounds");
    }
    lua_geti(L, 1, position);
    uint32_t items = 0;
    for (; position < size; position++) {
        count_item(L, &items);
        lua_geti(L, 1, position + 1);
        lua_seti(L, 1, position);
    }
    lua_pushnil(L);
    lua_seti(L, 1, position);
    return 1;
}

static int move(lua_State *L) {
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
    int target = lua_isnoneornil(L, 5) ? 1 : 5;
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, target, LUA_TTABLE);
    if (last >= first) {
        luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
        lua_Integer count = last - first + 1;
        luaL_argcheck(L, to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
        // Backwards where what is still to be moved would be overwritten.
        bool is_forward = to > last || to <= first || (target != 1 && !lua_compare(L, 1, target, LUA_OPEQ));
        uint32_t items = 0;
        for (lua_Integer done = 0; done < count; done++) {
            lua_Integer i = is_forward ? done : count - 1 - done;
            count_item(L, &items);
            lua_geti(L, 1, first + i);
            lua_seti(L, target, to + i);
        }
    }
    lua_pushvalue(L, target);
    return 1;
}

static void add_item(lua_State *L, luaL_Buffer *buffer, lua_Integer i) {
    lua_geti(L, 1, i);
    if (!lua_isstring(L, -1)) {
        luaL_error(
            L, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(L, -1), (LUAI_UACINT)i);
    }
    luaL_addvalue(buffer);
}

static int concat(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer last = luaL_len(L, 1);
    size_t length;
    const char *separator = luaL_optlstring(L, 2, "", &length);
    lua_Integer i = luaL_optinteger(L, 3, 1);
    last = luaL_optinteger(L, 4, last);
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    uint32_t items = 0;
    for (; i < last; i++) {
        count_item(L, &items);
        add_item(L, &buffer, i);
        luaL_addlstring(&buffer, separator, length);
    }
    if (i == last) add_item(L, &buffer, i);
    luaL_pushresult(&buffer);
    return 1;
}

static int unpack(lua_State *L) {
    lua_Integer first = luaL_optinteger(L, 2, 1);
    lua_Integer last = lua_isnoneornil(L, 3) ? luaL_len(L, 1) : luaL_checkinteger(L, 3);
    if (first > last) return 0;
    lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;
    // With room for an error's message.
    if (count >= INT_MAX - LUA_MINSTACK || !lua_checkstack(L, (int)count + LUA_MINSTACK)) {
        return luaL_error(L, "too many results to unpack");
    }
    uint32_t items = 0;
    for (lua_Unsigned i = 0; i <= count; i++) {
        count_item(L, &items);
        lua_geti(L, 1, first + (lua_Integer)i);
    }
    return (int)count + 1;
}

void lk_open_tables(lua_State *L) {
    static const luaL_Reg functions[] = {{"insert", insert}, {"remove", remove_item}, {"move", move},
                                         {"concat", concat}, {"unpack", unpack},      {NULL, NULL}};
    lua_getglobal(L, LUA_TABLIBNAME);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
