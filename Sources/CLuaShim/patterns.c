#define _GNU_SOURCE  // memmem
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "matcher.h"

// `string.find`, `match`, `gmatch`, `gsub` and `rep` as Lua 5.4 has them, but with an end.

enum { ESCAPE = '%' };

// Where a search begins, from 0; a negative position counts from the end.
static size_t start_position(lua_State *L, int argument, size_t length) {
    lua_Integer position = luaL_optinteger(L, argument, 1);
    if (position > 0) return (size_t)position - 1;
    if (position == 0 || position < -(lua_Integer)length) return 0;
    return length + (size_t)(position + 1) - 1;
}

static bool has_specials(const char *pattern, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (pattern[i] && strchr("^$*+?.([%-", pattern[i])) return true;
    }
    return false;
}

static int find_plain(
    lua_State *L, const char *s, size_t length, size_t start, const char *pattern, size_t pattern_length) {
    const char *found = pattern_length == 0 ? s + start : memmem(s + start, length - start, pattern, pattern_length);
    if (!found) {
        luaL_pushfail(L);
        return 1;
    }
    lua_pushinteger(L, found - s + 1);
    lua_pushinteger(L, found - s + (lua_Integer)pattern_length);
    return 2;
}

static int search(lua_State *L, bool is_find) {
    size_t length, pattern_length;
    const char *s = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    size_t start = start_position(L, 3, length);
    if (start > length) {
        luaL_pushfail(L);
        return 1;
    }
    if (is_find && (lua_toboolean(L, 4) || !has_specials(pattern, pattern_length))) {
        return find_plain(L, s, length, start, pattern, pattern_length);
    }
    lk_matcher m;
    lk_matcher_init(&m, L, s, length, pattern + pattern_length);
    bool is_anchored = *pattern == '^';
    if (is_anchored) pattern++;
    bool skips = !is_anchored && lk_find_starts(&m, pattern);
    for (const char *at = s + start; at <= m.source_end; at++) {
        if (skips) at = lk_next_start(&m, at);
        const char *end = lk_match(&m, at, pattern);
        if (end && !is_find) return lk_push_captures(&m, at, end);
        if (end) {
            lua_pushinteger(L, at - s + 1);
            lua_pushinteger(L, end - s);
            return lk_push_captures(&m, NULL, NULL) + 2;
        }
        if (is_anchored) break;
    }
    luaL_pushfail(L);
    return 1;
}

static int find(lua_State *L) { return search(L, true); }
static int match(lua_State *L) { return search(L, false); }

// ---- gmatch

typedef struct iteration {
    lk_matcher matcher;
    const char *next, *pattern;
    const char *last_end;  // an empty match must not begin where the last one ended
} iteration;

// Its upvalues keep the strings alive.
static int next_match(lua_State *L) {
    iteration *it = lua_touserdata(L, lua_upvalueindex(3));
    it->matcher.L = L;
    for (const char *at = it->next; at <= it->matcher.source_end; at++) {
        const char *end = lk_match(&it->matcher, at, it->pattern);
        if (!end || end == it->last_end) continue;
        it->next = it->last_end = end;
        return lk_push_captures(&it->matcher, at, end);
    }
    return 0;
}

static int gmatch(lua_State *L) {
    size_t length, pattern_length;
    const char *s = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    size_t start = start_position(L, 3, length);
    lua_settop(L, 2);
    iteration *it = lua_newuserdatauv(L, sizeof(iteration), 0);
    lk_matcher_init(&it->matcher, L, s, length, pattern + pattern_length);
    it->next = start > length ? s + length + 1 : s + start;
    it->pattern = pattern;
    it->last_end = NULL;
    lua_pushcclosure(L, next_match, 3);
    return 1;
}

// ---- gsub

static void add_text(lk_matcher *m, luaL_Buffer *b, const char *s, const char *end) {
    size_t length;
    const char *text = lua_tolstring(m->L, 3, &length);
    const char *text_end = text + length;
    for (const char *escape; (escape = memchr(text, ESCAPE, (size_t)(text_end - text))); text = escape + 2) {
        luaL_addlstring(b, text, (size_t)(escape - text));
        lk_work(m, 1);
        char what = escape[1];
        if (what == ESCAPE) {
            luaL_addchar(b, what);
        } else if (what == '0') {
            luaL_addlstring(b, s, (size_t)(end - s));
        } else if (isdigit((unsigned char)what)) {
            const char *start;
            ptrdiff_t capture = lk_capture(m, what - '1', s, end, &start);
            if (capture == LK_CAPTURE_POSITION) {
                luaL_addvalue(b);
            } else {
                luaL_addlstring(b, start, (size_t)capture);
            }
        } else {
            luaL_error(m->L, "invalid use of '%c' in replacement string", ESCAPE);
        }
    }
    luaL_addlstring(b, text, (size_t)(text_end - text));
}

// Adds what stands for a match; returns whether that is something else than the match.
static bool add_replacement(lk_matcher *m, luaL_Buffer *b, const char *s, const char *end, int type) {
    lua_State *L = m->L;
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        int count = lk_push_captures(m, s, end);
        lua_call(L, count, 1);
    } else if (type == LUA_TTABLE) {
        const char *start;
        ptrdiff_t length = lk_capture(m, 0, s, end, &start);
        if (length != LK_CAPTURE_POSITION) lua_pushlstring(L, start, (size_t)length);
        lua_gettable(L, 3);
    } else {
        add_text(m, b, s, end);
        return true;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(b, s, (size_t)(end - s));
        return false;
    }
    if (!lua_isstring(L, -1)) luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(b);
    return true;
}

static int gsub(lua_State *L) {
    size_t length, pattern_length;
    const char *s = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    int type = lua_type(L, 3);
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1);
    luaL_argexpected(
        L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
        "string/function/table");
    lk_matcher m;
    lk_matcher_init(&m, L, s, length, pattern + pattern_length);
    bool is_anchored = *pattern == '^', is_changed = false;
    if (is_anchored) pattern++;
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    const char *last_end = NULL;
    lua_Integer count = 0;
    bool skips = !is_anchored && most > 0 && lk_find_starts(&m, pattern);
    while (count < most) {
        if (skips) {
            const char *next = lk_next_start(&m, s);
            luaL_addlstring(&b, s, (size_t)(next - s));
            s = next;
        }
        const char *end = lk_match(&m, s, pattern);
        if (end && end != last_end) {
            count++;
            is_changed |= add_replacement(&m, &b, s, end, type);
            s = last_end = end;
        } else if (s < m.source_end) {
            luaL_addchar(&b, *s++);
        } else {
            break;
        }
        if (is_anchored) break;
    }
    if (is_changed) {
        luaL_addlstring(&b, s, (size_t)(m.source_end - s));
        luaL_pushresult(&b);
    } else {
        lua_pushvalue(L, 1);
    }
    lua_pushinteger(L, count);
    return 2;
}

// ---- rep: Lua's copies one by one, also what is empty and as often as it is told to.

static int rep(lua_State *L) {
    size_t length, separator_length;
    const char *s = luaL_checklstring(L, 1, &length);
    lua_Integer count = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &separator_length);
    size_t unit = length + separator_length;
    if (count <= 0 || unit == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    const size_t largest = INT_MAX;  // as Lua has it
    if (unit < length || unit > largest / (size_t)count) return luaL_error(L, "resulting string too large");
    size_t total = unit * (size_t)count - separator_length;
    luaL_Buffer b;
    char *out = luaL_buffinitsize(L, &b, total);
    memcpy(out, s, length);
    size_t done = length;
    if (count > 1) {
        memcpy(out + done, separator, separator_length);
        done = unit;
    }
    // What is there, once more: units follow each other whole.
    while (done < total) {
        size_t next = done < total - done ? done : total - done;
        memcpy(out + done, out, next);
        done += next;
    }
    luaL_pushresultsize(&b, total);
    return 1;
}

void lk_open_patterns(lua_State *L) {
    static const luaL_Reg functions[] = {{"find", find}, {"match", match}, {"gmatch", gmatch},
                                         {"gsub", gsub}, {"rep", rep},     {NULL, NULL}};
    lua_getglobal(L, LUA_STRLIBNAME);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
