#pragma once
#include "vm.h"

// Lua 5.4's patterns, matched by a machine of our own: Lua's runs in C for as long as it likes, where no hook fires.
// This one asks for the time and for an interrupt every so many steps, and raises like a hook.

enum { LK_CAPTURES = 32, LK_CAPTURE_OPEN = -1, LK_CAPTURE_POSITION = -2 };

typedef struct lk_matcher {
    lua_State *L;
    const char *source, *source_end;
    const char *pattern_end;
    int depth;  // how many calls of the machine may still nest
    int level;  // how many captures there are, finished or not
    uint32_t steps;
    bool starts[256];  // the characters that a match can begin with, where `lk_find_starts` found them
    struct {
        const char *start;
        ptrdiff_t length;  // or one of LK_CAPTURE_…
    } captures[LK_CAPTURES];
} lk_matcher;

void lk_matcher_init(lk_matcher *m, lua_State *L, const char *source, size_t length, const char *pattern_end);
// Where the pattern stops matching that begins to match at `s`, or NULL. Raises.
const char *lk_match(lk_matcher *m, const char *s, const char *pattern);
// Whether a match has to begin with one of few characters, so that the positions before can be skipped. Raises.
bool lk_find_starts(lk_matcher *m, const char *pattern);
// The first position from `s` on at which a match may begin, or the end.
const char *lk_next_start(lk_matcher *m, const char *s);
// The capture of that number, from 0; the whole match, from `s` to `end`, where the pattern has none. A position is
// pushed, and its length is LK_CAPTURE_POSITION. Raises.
ptrdiff_t lk_capture(lk_matcher *m, int number, const char *s, const char *end, const char **start);
// Pushes all captures, or else the whole match if `s` is not NULL; says how many it was. Raises.
int lk_push_captures(lk_matcher *m, const char *s, const char *end);
// Counts work, and raises when the call has used up its time or was interrupted.
void lk_work(lk_matcher *m, size_t steps);
