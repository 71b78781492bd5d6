#include <stdio.h>
#include <string.h>

#include "vm.h"

// What a call of the library goes through in C, where no hook fires, is no longer than this.
enum { LONGEST_FORMAT = 4096, MOST_FORMATTED = 255 };

static int finish(lua_State *L, int status, lua_KContext context) {
    (void)status, (void)context;
    return lua_gettop(L);
}

// With a continuation, so that what is called may yield.
static int call_original(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, finish);
    return lua_gettop(L);
}

// Of `string.pack` and its like, and `os.date`: each character may be a conversion.
static int with_short_format(lua_State *L) {
    size_t length = 0;
    if (lua_type(L, 1) == LUA_TSTRING) lua_tolstring(L, 1, &length);
    luaL_argcheck(L, length <= LONGEST_FORMAT, 1, "the format is longer than 4096 bytes");
    return call_original(L);
}

static int format(lua_State *L) {
    if (lua_gettop(L) - 1 > MOST_FORMATTED) return luaL_error(L, "more than %d values to format", MOST_FORMATTED);
    return call_original(L);
}

// To where everything goes that is no result; in one piece, since other threads write there too.
static int print(lua_State *L) {
    int count = lua_gettop(L);
    luaL_checkstack(L, LUA_MINSTACK, "too many values to print");
    luaL_Buffer line;
    luaL_buffinit(L, &line);
    for (int i = 1; i <= count; i++) {
        if (i % MOST_FORMATTED == 0) lk_check(L);
        if (i > 1) luaL_addchar(&line, '\t');
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&line);
    }
    luaL_addchar(&line, '\n');
    luaL_pushresult(&line);
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    fwrite(text, 1, length, stderr);
    return 0;
}

// ---- load: text only, since bytecode can break the machine that runs it.

// Asks a function of the script for the next piece of source. Its last one is kept at index 5.
static void next_piece(lua_State *L, lk_source *source) {
    luaL_checkstack(L, 2, "too many nested functions");
    lua_pushvalue(L, 1);
    lua_call(L, 0, 1);
    if (!lua_isnil(L, -1) && !lua_isstring(L, -1)) luaL_error(L, "reader function must return a string");
    lua_replace(L, 5);
    source->text = lua_tolstring(L, 5, &source->length);
}

static const char *read_script(lua_State *L, void *data, size_t *size) {
    lk_source *source = data;
    if (source->length == 0 && lua_isfunction(L, 1)) next_piece(L, source);
    return lk_read_source(L, source, size);
}

static int load(lua_State *L) {
    lk_source source = {0};
    source.text = lua_tolstring(L, 1, &source.length);
    if (!source.text) luaL_checktype(L, 1, LUA_TFUNCTION);
    const char *name = luaL_optstring(L, 2, source.text ? source.text : "=(load)");
    bool has_environment = !lua_isnone(L, 4);
    lua_settop(L, 5);
    if (lua_load(L, read_script, &source, name, "t") != LUA_OK) {
        luaL_pushfail(L);
        lua_insert(L, -2);
        return 2;
    }
    if (has_environment) {
        lua_pushvalue(L, 4);
        if (!lua_setupvalue(L, -2, 1)) lua_pop(L, 1);
    }
    return 1;
}

// Finalizers run with the hook off, where nothing could stop them.
static int set_metatable(lua_State *L) {
    if (lua_type(L, 2) == LUA_TTABLE) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL) return luaL_error(L, "__gc is not allowed here");
        lua_pop(L, 1);
    }
    return call_original(L);
}

// Lua handles an error of the hook with hooks off, so a handler of the script's would be beyond the time limit.
static int handle(lua_State *L) {
    if (lk_of(L)->stopping) return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

static int xpcall(lua_State *L) {
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle, 1);
    lua_replace(L, 2);
    return call_original(L);
}

static int collect_garbage(lua_State *L) {
    static const char *const allowed[] = {"collect", "count", "step", "isrunning", NULL};
    luaL_checkoption(L, 1, "collect", allowed);
    lk_hurry(lk_of(L));
    return call_original(L);
}

// ---- table.sort: Lua's compares in C, millions of times between two instructions.

enum { COMPARISONS_A_CHECK = 1000 };

// Upvalues: what the script compares with, or nil; how often it was asked.
static int is_less(lua_State *L) {
    lua_Integer count = lua_tointeger(L, lua_upvalueindex(2)) + 1;
    lua_pushinteger(L, count);
    lua_replace(L, lua_upvalueindex(2));
    if (count % COMPARISONS_A_CHECK == 0) lk_check(L);
    if (lua_isnil(L, lua_upvalueindex(1))) {
        lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPLT));
        return 1;
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

static int sort(lua_State *L) {
    if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, is_less, 2);
    return call_original(L);
}

// ---- Coroutines: whose instruction is next is to be known, so that it can be told to look at the clock.

static int call_as(lua_State *L, lua_State *thread) {
    lk_vm *vm = lk_of(L);
    lua_State *outer = vm->running;
    vm->running = thread;
    // It may have slept since a time when an instruction could not take long.
    int interval = lua_gethookcount(L);
    if (lua_gethookcount(thread) > interval) lua_sethook(thread, lk_hook, LUA_MASKCOUNT, interval);
    // Protected, since the thread may be gone before anybody runs that could put things right.
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    vm->running = outer;
    return status == LUA_OK ? lua_gettop(L) : lua_error(L);
}

static int call_with_thread(lua_State *L) {
    lua_State *thread = lua_tothread(L, 1);
    if (!thread) return call_original(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    return call_as(L, thread);
}

// Upvalues: Lua's own function, its thread.
static int resume_wrapped(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    return call_as(L, lua_tothread(L, lua_upvalueindex(2)));
}

static int end_body(lua_State *L, int status, lua_KContext context) {
    (void)context;
    return status == LUA_OK || status == LUA_YIELD ? lua_gettop(L) : lua_error(L);
}

// What a coroutine runs. Protected, because an error of the hook leaves the hooks of its thread off until somebody there
// catches it: what is still to be closed would be beyond the time limit.
static int run_body(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    return end_body(L, lua_pcallk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, 0, end_body), 0);
}

static int create_coroutine(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    lua_pushcclosure(L, run_body, 1);
    return call_original(L);
}

static int wrap_coroutine(lua_State *L) {
    create_coroutine(L);
    if (!lua_getupvalue(L, -1, 1) || !lua_isthread(L, -1)) return luaL_error(L, "coroutine.wrap is not Lua's own");
    lua_pushcclosure(L, resume_wrapped, 2);
    return 1;
}

static int require(lua_State *L) {
    const char *name = luaL_checkstring(L, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, -2) == LUA_TNIL) return luaL_error(L, "module '%s' is not available to a plugin", name);
    return 1;
}

static void wrap(lua_State *L, const char *library, const char *name, lua_CFunction wrapper) {
    lua_getglobal(L, library);
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, wrapper, 1);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

// Removes the fields of a library that are named, or those that are not.
static void filter(lua_State *L, const char *library, const char *const *names, bool keeps) {
    lua_getglobal(L, library);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        lua_pop(L, 1);
        bool is_named = false;
        for (const char *const *name = names; *name && lua_type(L, -1) == LUA_TSTRING; name++) {
            is_named |= strcmp(*name, lua_tostring(L, -1)) == 0;
        }
        if (is_named != keeps) {
            lua_pushvalue(L, -1);
            lua_pushnil(L);
            lua_rawset(L, -4);
        }
    }
    lua_pop(L, 1);
}

void lk_open_sandbox(lua_State *L) {
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},     {LUA_TABLIBNAME, luaopen_table}, {LUA_STRLIBNAME, luaopen_string},
        {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8}, {LUA_COLIBNAME, luaopen_coroutine},
        {LUA_OSLIBNAME, luaopen_os},   {NULL, NULL},
    };
    for (const luaL_Reg *library = libraries; library->name; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_pop(L, 1);
    }
    static const char *const no_globals[] = {"dofile", "loadfile", NULL};
    static const char *const no_string[] = {"dump", NULL};
    static const char *const os[] = {"time", "clock", "date", "difftime", NULL};
    filter(L, LUA_GNAME, no_globals, false);
    filter(L, LUA_STRLIBNAME, no_string, false);
    filter(L, LUA_OSLIBNAME, os, true);

    static const struct {
        const char *library, *name;
        lua_CFunction wrapper;
    } wrappers[] = {
        {LUA_GNAME, "setmetatable", set_metatable},
        {LUA_GNAME, "xpcall", xpcall},
        {LUA_GNAME, "collectgarbage", collect_garbage},
        {LUA_STRLIBNAME, "format", format},
        {LUA_STRLIBNAME, "pack", with_short_format},
        {LUA_STRLIBNAME, "packsize", with_short_format},
        {LUA_STRLIBNAME, "unpack", with_short_format},
        {LUA_OSLIBNAME, "date", with_short_format},
        {LUA_TABLIBNAME, "sort", sort},
        {LUA_COLIBNAME, "create", create_coroutine},
        {LUA_COLIBNAME, "wrap", wrap_coroutine},
        {LUA_COLIBNAME, "resume", call_with_thread},
        {LUA_COLIBNAME, "close", call_with_thread},
    };
    for (size_t i = 0; i < sizeof(wrappers) / sizeof(*wrappers); i++) {
        wrap(L, wrappers[i].library, wrappers[i].name, wrappers[i].wrapper);
    }
    lk_open_tables(L);
    lua_pushcfunction(L, load);
    lua_setglobal(L, "load");
    lua_pushcfunction(L, print);
    lua_setglobal(L, "print");
    lua_pushcfunction(L, require);
    lua_setglobal(L, "require");

    // All strings share one metatable: what a script changes there would change every string.
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}
