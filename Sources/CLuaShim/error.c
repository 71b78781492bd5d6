#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm.h"

enum { LEVELS_SEARCHED = 100 };

// The name of a chunk as its author gave it: Lua shortens what it puts in messages.
static void set_script(lk_vm *vm, const char *source, const char *short_source) {
    const char *name = *source == '@' || *source == '=' ? source + 1 : short_source;
    lk_text_set(&vm->capturing->script, name, strlen(name) + 1);
}

// Splits "script:line: message" by the functions that are running: the one that the message names, or else the
// innermost with a line. Functions of chunks named "=[…]" are the host's, as Lua's own are of "=[C]": their lines say
// nothing to whoever wrote the script.
static void locate(lua_State *L, lk_vm *vm, const char *message, size_t length) {
    lua_Debug ar;
    bool found = false;
    lk_text_set(&vm->capturing->script, "", 1);
    vm->capturing->line = 0;
    for (int level = 1; level < LEVELS_SEARCHED && lua_getstack(L, level, &ar); level++) {
        if (!lua_getinfo(L, "Sl", &ar) || ar.currentline <= 0) continue;
        if (strncmp(ar.source, "=[", 2) == 0) continue;
        char prefix[LUA_IDSIZE + 16];
        int count = snprintf(prefix, sizeof(prefix), "%s:%d: ", ar.short_src, ar.currentline);
        bool is_named = count > 0 && (size_t)count <= length && memcmp(prefix, message, (size_t)count) == 0;
        if (!found || is_named) {
            set_script(vm, ar.source, ar.short_src);
            vm->capturing->line = ar.currentline;
            found = true;
        }
        if (is_named) {
            message += count;
            length -= (size_t)count;
            break;
        }
    }
    lk_text_set(&vm->capturing->message, message, length);
}

static int describe(lua_State *L) {
    if (lua_type(L, 1) == LUA_TTABLE && luaL_getmetafield(L, 1, "__tostring") == LUA_TNIL) {
        lua_pushliteral(L, "message");
        if (lua_rawget(L, 1) == LUA_TSTRING) return 1;
        lua_pushliteral(L, "(error object is a table)");
        return 1;
    }
    luaL_tolstring(L, 1, NULL);
    return 1;
}

int lk_on_error(lua_State *L) {
    lk_vm *vm = lk_of(L);
    // Each of what is still to be closed is stopped too, and there may be very many.
    if (vm->stopping && vm->capturing->is_captured) return 1;
    lua_settop(L, 1);
    vm->capturing->is_incomplete = false;
    if (lua_type(L, 1) != LUA_TSTRING) {
        lua_pushcfunction(L, describe);
        lua_pushvalue(L, 1);
        lua_pcall(L, 1, 1, 0);
    }
    size_t length = 0;
    const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &length) : "";
    locate(L, vm, message, length);
    luaL_traceback(L, L, NULL, 1);
    message = lua_tolstring(L, -1, &length);
    lk_text_set(&vm->capturing->traceback, message, length);
    vm->capturing->is_captured = true;
    lua_settop(L, 1);
    return 1;
}

enum { BYTES_A_CHECK = 64 };

const char *lk_read_source(lua_State *L, void *data, size_t *size) {
    lk_source *source = data;
    lk_check(L);
    *size = source->length < BYTES_A_CHECK ? source->length : BYTES_A_CHECK;
    const char *piece = source->text;
    source->text += *size;
    source->length -= *size;
    return piece;
}

lk_status lk_load(lk_vm *vm, const void *text, size_t length, const char *name) {
    lua_State *L = vm->L;
    if (!lua_checkstack(L, 8)) return lk_out_of_memory(vm);
    if (vm->depth == 0) vm->deadline = 0;
    lk_source source = {.text = text ? text : "", .length = length};
    int code = lua_load(L, lk_read_source, &source, name, "t");
    if (code == LUA_OK) return LK_OK;
    if (code == LUA_ERRMEM || vm->stopping) {
        vm->error.is_captured = false;
        return lk_conclude(vm, code);
    }

    size_t count = 0;
    const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &count) : "";
    static const char end[] = "<eof>";
    vm->error.status = LK_SYNTAX;
    vm->error.is_incomplete = count >= 5 && memcmp(message + count - 5, end, 5) == 0;
    vm->error.line = 0;
    lk_text_set(&vm->error.traceback, "", 0);
    bool is_named = *name == '@' || *name == '=';
    lk_text_set(&vm->error.script, is_named ? name + 1 : "", is_named ? strlen(name) : 1);
    // The parser's messages always begin with a position.
    for (const char *colon = strchr(message, ':'); colon; colon = strchr(colon + 1, ':')) {
        char *rest;
        long line = strtol(colon + 1, &rest, 10);
        if (rest == colon + 1 || rest[0] != ':' || rest[1] != ' ') continue;
        if (!is_named) {
            lk_text_set(&vm->error.script, message, (size_t)(colon - message) + 1);
            vm->error.script.bytes[colon - message] = '\0';
        }
        vm->error.line = (int32_t)line;
        count -= (size_t)(rest + 2 - message);
        message = rest + 2;
        break;
    }
    lk_text_set(&vm->error.message, message, count);
    return LK_SYNTAX;
}

lk_error lk_last_error(const lk_vm *vm) {
    return (lk_error){
        .status = vm->error.status,
        .message = vm->error.message.bytes ? vm->error.message.bytes : "",
        .message_length = vm->error.message.length,
        .script = vm->error.script.length ? vm->error.script.bytes : "",
        .line = vm->error.line,
        .traceback = vm->error.traceback.bytes ? vm->error.traceback.bytes : "",
        .traceback_length = vm->error.traceback.length,
        .is_incomplete = vm->error.is_incomplete,
    };
}
