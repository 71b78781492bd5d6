#include "matcher.h"

#include <ctype.h>
#include <string.h>

enum {
    ESCAPE = '%',
    MOST_NESTED = 200,  // as Lua's: deeper patterns are "too complex"
    STEPS_A_CHECK = 4096,
    BYTES_A_STEP = 16,  // of what is compared or skipped at once
};

static unsigned char byte(char c) { return (unsigned char)c; }

void lk_matcher_init(lk_matcher *m, lua_State *L, const char *source, size_t length, const char *pattern_end) {
    m->L = L;
    m->source = source;
    m->source_end = source + length;
    m->pattern_end = pattern_end;
    m->steps = 0;
}

void lk_work(lk_matcher *m, size_t steps) {
    m->steps += steps < STEPS_A_CHECK ? (uint32_t)steps : STEPS_A_CHECK;
    if (m->steps < STEPS_A_CHECK) return;
    m->steps = 0;
    lk_check(m->L);
}

// ---- Single characters.

static bool is_in_class(int c, int class) {
    bool is_in;
    switch (tolower(class)) {
    case 'a': is_in = isalpha(c); break;
    case 'c': is_in = iscntrl(c); break;
    case 'd': is_in = isdigit(c); break;
    case 'g': is_in = isgraph(c); break;
    case 'l': is_in = islower(c); break;
    case 'p': is_in = ispunct(c); break;
    case 's': is_in = isspace(c); break;
    case 'u': is_in = isupper(c); break;
    case 'w': is_in = isalnum(c); break;
    case 'x': is_in = isxdigit(c); break;
    case 'z': is_in = c == 0; break;  // deprecated since 5.2, and still there
    default: return class == c;
    }
    return isupper(class) ? !is_in : is_in;
}

// `set` is at its '[', `end` at its ']'.
static bool is_in_set(lk_matcher *m, int c, const char *set, const char *end) {
    bool is_positive = true;
    lk_work(m, (size_t)(end - set) / BYTES_A_STEP);
    if (set[1] == '^') {
        is_positive = false;
        set++;
    }
    for (const char *p = set + 1; p < end; p++) {
        if (*p == ESCAPE) {
            p++;
            if (is_in_class(c, byte(*p))) return is_positive;
        } else if (p[1] == '-' && p + 2 < end) {
            if (byte(p[0]) <= c && c <= byte(p[2])) return is_positive;
            p += 2;
        } else if (byte(*p) == c) {
            return is_positive;
        }
    }
    return !is_positive;
}

// Behind the single character, class or set at `p`.
static const char *end_of_item(lk_matcher *m, const char *p) {
    char first = *p++;
    if (first == ESCAPE) {
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (first != '[') return p;
    const char *start = p;
    if (*p == '^') p++;
    do {  // what stands first is of the set, even a ']'
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (missing ']')");
        if (*p++ == ESCAPE && p < m->pattern_end) p++;
    } while (*p != ']');
    lk_work(m, (size_t)(p - start) / BYTES_A_STEP);
    return p + 1;
}

static bool is_one(lk_matcher *m, const char *s, const char *item, const char *item_end) {
    lk_work(m, 1);
    if (s >= m->source_end) return false;
    switch (*item) {
    case '.': return true;
    case ESCAPE: return is_in_class(byte(*s), byte(item[1]));
    case '[': return is_in_set(m, byte(*s), item, item_end - 1);
    default: return *item == *s;
    }
}

// ---- What follows an item.

static const char *match(lk_matcher *m, const char *s, const char *p);

static const char *most(lk_matcher *m, const char *s, const char *item, const char *item_end) {
    ptrdiff_t count = 0;
    while (is_one(m, s + count, item, item_end)) count++;
    for (; count >= 0; count--) {
        const char *end = match(m, s + count, item_end + 1);
        if (end) return end;
    }
    return NULL;
}

static const char *fewest(lk_matcher *m, const char *s, const char *item, const char *item_end) {
    for (;; s++) {
        const char *end = match(m, s, item_end + 1);
        if (end) return end;
        if (!is_one(m, s, item, item_end)) return NULL;
    }
}

static const char *balanced(lk_matcher *m, const char *s, const char *p) {
    if (p >= m->pattern_end - 1) luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->source_end || *s != *p) return NULL;
    int open = 1;
    for (const char *at = s + 1; at < m->source_end; at++) {
        lk_work(m, 1);
        if (*at == p[1]) {
            if (--open == 0) return at + 1;
        } else if (*at == p[0]) {
            open++;
        }
    }
    return NULL;
}

static bool is_frontier(lk_matcher *m, const char *s, const char *set, const char *set_end) {
    int before = s == m->source ? '\0' : byte(s[-1]);
    int here = s == m->source_end ? '\0' : byte(*s);
    return !is_in_set(m, before, set, set_end - 1) && is_in_set(m, here, set, set_end - 1);
}

// ---- Captures.

static const char *open_capture(lk_matcher *m, const char *s, const char *p, int kind) {
    if (m->level >= LK_CAPTURES) luaL_error(m->L, "too many captures");
    m->captures[m->level].start = s;
    m->captures[m->level].length = kind;
    m->level++;
    const char *end = match(m, s, p);
    if (!end) m->level--;
    return end;
}

static const char *close_capture(lk_matcher *m, const char *s, const char *p) {
    int number = m->level - 1;
    while (number >= 0 && m->captures[number].length != LK_CAPTURE_OPEN) number--;
    if (number < 0) luaL_error(m->L, "invalid pattern capture");
    m->captures[number].length = s - m->captures[number].start;
    const char *end = match(m, s, p);
    if (!end) m->captures[number].length = LK_CAPTURE_OPEN;
    return end;
}

static const char *same_as_capture(lk_matcher *m, const char *s, int digit) {
    int number = digit - '1';
    if (number < 0 || number >= m->level || m->captures[number].length == LK_CAPTURE_OPEN) {
        luaL_error(m->L, "invalid capture index %%%d", number + 1);
    }
    ptrdiff_t length = m->captures[number].length;
    if (length < 0 || m->source_end - s < length) return NULL;  // a position matches nothing
    lk_work(m, (size_t)length / BYTES_A_STEP);
    return memcmp(m->captures[number].start, s, (size_t)length) == 0 ? s + length : NULL;
}

// ---- The machine.

static const char *match(lk_matcher *m, const char *s, const char *p) {
    if (m->depth-- == 0) luaL_error(m->L, "pattern too complex");
    const char *end = s;  // what it comes to, when the pattern is over
    while (p != m->pattern_end) {
        lk_work(m, 1);
        if (*p == '(') {
            bool is_position = p[1] == ')';
            end = is_position ? open_capture(m, s, p + 2, LK_CAPTURE_POSITION)
                              : open_capture(m, s, p + 1, LK_CAPTURE_OPEN);
            break;
        }
        if (*p == ')') {
            end = close_capture(m, s, p + 1);
            break;
        }
        if (*p == '$' && p + 1 == m->pattern_end) {
            end = s == m->source_end ? s : NULL;
            break;
        }
        if (*p == ESCAPE && p[1] == 'b') {
            end = s = balanced(m, s, p + 2);
            p += 4;
            if (s) continue;
            break;
        }
        if (*p == ESCAPE && p[1] == 'f') {
            p += 2;
            if (*p != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
            const char *set_end = end_of_item(m, p);
            end = NULL;
            if (!is_frontier(m, s, p, set_end)) break;
            end = s;
            p = set_end;
            continue;
        }
        if (*p == ESCAPE && isdigit(byte(p[1]))) {
            end = s = same_as_capture(m, s, byte(p[1]));
            p += 2;
            if (s) continue;
            break;
        }
        const char *item_end = end_of_item(m, p);
        if (!is_one(m, s, p, item_end)) {
            end = NULL;
            if (*item_end != '*' && *item_end != '?' && *item_end != '-') break;
            end = s;
            p = item_end + 1;
            continue;
        }
        if (*item_end == '?') {
            end = match(m, s + 1, item_end + 1);
            if (end) break;
            end = s;
            p = item_end + 1;
            continue;
        }
        if (*item_end == '-') {
            end = fewest(m, s, p, item_end);
            break;
        }
        if (*item_end == '*' || *item_end == '+') {
            end = most(m, *item_end == '+' ? s + 1 : s, p, item_end);
            break;
        }
        end = ++s;
        p = item_end;
    }
    m->depth++;
    return end;
}

const char *lk_match(lk_matcher *m, const char *s, const char *pattern) {
    m->level = 0;
    m->depth = MOST_NESTED;
    return match(m, s, pattern);
}

// ---- Where to begin.

bool lk_find_starts(lk_matcher *m, const char *pattern) {
    // Not worth it for a short subject.
    if (m->source_end - m->source < 512 || pattern == m->pattern_end) return false;
    char second = pattern[1];
    if (*pattern == '(' || *pattern == ')' || (*pattern == '$' && pattern + 1 == m->pattern_end)) return false;
    if (*pattern == ESCAPE && (second == 'b' || second == 'f' || isdigit(byte(second)))) return false;
    const char *end = end_of_item(m, pattern);
    if (*end == '*' || *end == '?' || *end == '-') return false;
    for (int c = 0; c < 256; c++) {
        switch (*pattern) {
        case '.': m->starts[c] = true; break;
        case ESCAPE: m->starts[c] = is_in_class(c, byte(second)); break;
        case '[': m->starts[c] = is_in_set(m, c, pattern, end - 1); break;
        default: m->starts[c] = byte(*pattern) == c;
        }
    }
    return true;
}

const char *lk_next_start(lk_matcher *m, const char *s) {
    const char *from = s;
    while (s < m->source_end && !m->starts[byte(*s)]) s++;
    lk_work(m, (size_t)(s - from) / BYTES_A_STEP);
    return s;
}

// ---- What was captured.

ptrdiff_t lk_capture(lk_matcher *m, int number, const char *s, const char *end, const char **start) {
    if (number >= m->level) {
        if (number != 0) luaL_error(m->L, "invalid capture index %%%d", number + 1);
        *start = s;
        return end - s;
    }
    ptrdiff_t length = m->captures[number].length;
    *start = m->captures[number].start;
    if (length == LK_CAPTURE_OPEN) luaL_error(m->L, "unfinished capture");
    if (length == LK_CAPTURE_POSITION) lua_pushinteger(m->L, *start - m->source + 1);
    return length;
}

int lk_push_captures(lk_matcher *m, const char *s, const char *end) {
    int count = m->level == 0 && s ? 1 : m->level;
    luaL_checkstack(m->L, count, "too many captures");
    for (int number = 0; number < count; number++) {
        const char *start;
        ptrdiff_t length = lk_capture(m, number, s, end, &start);
        if (length != LK_CAPTURE_POSITION) lua_pushlstring(m->L, start, (size_t)length);
    }
    return count;
}
