#pragma once
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "CLuaShim.h"

// Operations of a program beside the plain values of `lk_type`.
enum {
    LK_PUT_COPY = 32,  // a string at an offset of the arena
    LK_PUT_REFERENCE,
    LK_PUT_SLOT,
    LK_PUT_TABLE,
    LK_PUT_END,
    LK_PUT_METATABLE,
    LK_PUT_FUNCTION,
    LK_PUT_OBJECT,
    LK_PUT_PART,
};

typedef struct lk_op {
    int16_t type;
    int16_t place;  // of a part's whole
    int32_t a;
    union {
        int64_t integer;
        double number;
        const void *bytes;
        void *object;  // owned until it has been pushed
    };
    union {
        size_t length;
        int64_t part;  // which part of the object
        const lk_string_method *strings;
    };
    union {
        lk_host_function call;
        const void *identity;
    };
} lk_op;

typedef struct lk_text {
    char *bytes;
    size_t length;
    size_t capacity;
} lk_text;

// What the message handler has seen of an error.
typedef struct lk_captured {
    lk_status status;
    lk_text message, script, traceback;
    int32_t line;
    bool is_incomplete, is_captured;
} lk_captured;

// A constant's name, known by its address, and the reference of its string.
typedef struct lk_name {
    const char *name;
    size_t length;
    int32_t reference;
} lk_name;

enum { LK_NAMES = 128, LK_HOOK_INTERVAL = 1000, LK_MAX_DEPTH = 128, LK_WHOLES = 32 };

// By how much of what is in use memory may grow before what is young is collected, which is Lua's maximum, and before
// all is. As these are the same all is collected each time, and has to be: what became of a batch is some dozen bytes for
// Lua and a hundred kilobytes for its futures' host, and would outlive its youth.
enum { LK_YOUNG_PERCENT = 100, LK_OLD_PERCENT = 100, LK_BALLAST = 512 << 10 };

// Blocks that Lua has given back, by size.
enum { LK_BLOCK_CLASSES = 16 };
typedef struct lk_block lk_block;
typedef struct lk_blocks {
    lk_block *kept[LK_BLOCK_CLASSES];
    size_t bytes;  // of all of them
} lk_blocks;

// So many bytes may be allocated before the hook runs: copying them, and collecting them, takes time that no count of
// instructions shows.
enum { LK_BYTES_A_CHECK = 1 << 20 };
// So many bytes of strings may be gone through.
enum { LK_BYTES_BETWEEN_CHECKS = 8 << 20 };

// What the userdata of this shim begin with: an address that nothing else has tells them from other userdata.
typedef struct lk_object {
    const void *magic;
    const void *identity;
    void *object;
} lk_object;

// A part of a host object, which is its user value.
typedef struct lk_part {
    const void *magic;
    const void *identity;
    int64_t number;
} lk_part;

typedef struct lk_function {
    const void *magic;
    lk_host_function call;
    void *context;
    const lk_string_method *strings;  // NULL for none
} lk_function;

typedef struct lk_view {
    const void *magic;
    const lk_record *record;
    uint32_t written;  // a bit for each `lk_record_field`
} lk_view;

_Static_assert(
    sizeof(lk_object) == sizeof(lk_view) && sizeof(lk_function) >= sizeof(lk_view) && sizeof(lk_part) == sizeof(lk_view),
    "one size is checked");

extern const char lk_object_magic, lk_part_magic, lk_function_magic, lk_view_magic;

// The block of a userdata of this shim, or NULL.
static inline void *lk_userdata(lua_State *L, int index, const char *magic) {
    const void **block = lua_touserdata(L, index);
    // A light one has no length.
    if (!block || lua_rawlen(L, index) < sizeof(lk_view)) return NULL;
    return *block == magic ? block : NULL;
}

struct lk_vm {
    lua_State *main;
    lua_State *L;  // the thread of Lua that runs now
    lk_release release;

    size_t used, peak, memory_limit;
    size_t ballast;  // bytes that are not among those in use
    lk_blocks blocks;
    lua_State *running;  // the thread of Lua, coroutines included, whose next instruction can be made to look at the clock
    size_t unchecked;    // bytes that were allocated since the hook ran
    size_t longest;      // of all strings so far, in bytes

    uint64_t time_limit;
    uint64_t deadline;  // when to look at the thread's own time; 0 until the hook has run in this call
    uint64_t last_cpu_time;
    lk_flag *interrupt;
    bool has_signal;  // so that there is no hook until it is to stop
    lk_status stopping;  // why every instruction raises now

    int32_t depth;
    size_t floor;  // what of the program belongs to frames under way

    lk_op *ops;
    size_t op_count, op_capacity, owned;
    lk_text arena;
    bool allocates;  // the program has something that cannot be pushed unprotected
    bool exhausted;  // malloc failed while the program was written

    int32_t *free_references;
    int32_t free_count, free_capacity, reference_count;

    lk_name names[LK_NAMES];

    // The wholes that parts were made of lately, each in its place, and the reference of the value of Lua that holds it.
    void *wholes[LK_WHOLES];
    int whole_references[LK_WHOLES];
    int32_t wholes_put;  // wholes that have been put and not pushed

    bool is_closing;  // finalizers run for the last time: what is made now has none

    int32_t record;  // the reusable view
    lk_view *view;
    int32_t records_bound;

    lk_captured error;       // of the call that failed last
    lk_captured *capturing;  // of the innermost call under way: a `__close` may call the host while an error unwinds
    bool fail_is_positioned;
};

// The place of a whole, by its address.
static inline uint32_t lk_whole_place(const void *whole) {
    return (uint32_t)(((uint64_t)(uintptr_t)whole * 0x9e3779b97f4a7c15u) >> 59) % LK_WHOLES;
}

static inline lk_vm *lk_of(lua_State *L) { return *(lk_vm **)lua_getextraspace(L); }

// Lua's allocator: counts, keeps to the limit, and keeps small blocks for reuse.
void *lk_allocate(void *context, void *old, size_t old_size, size_t size);
void lk_free_blocks(lk_blocks *blocks);

void lk_captured_free(lk_captured *captured);
bool lk_text_set(lk_text *text, const char *bytes, size_t length);

// Pushes what was put since the mark, drops it from the program, and says how many values it was. Raises.
int lk_push_program(lua_State *L, lk_vm *vm, size_t mark);
// The same for a program that allocates nothing. Never raises.
int lk_push_plain(lua_State *L, lk_vm *vm, size_t mark);
// Pushes a host function or object, which owns its retain from then on. Raises.
void lk_push_owned(lua_State *L, lk_vm *vm, size_t index);
// Pushes a part of a host object. Raises.
void lk_push_part(lua_State *L, lk_vm *vm, size_t index);
void lk_push_value(lua_State *L, const lk_value *value);
// Leaves a part on the stack above its whole, which is in that place. Raises.
void lk_push_part_of(
    lua_State *L, const lk_vm *vm, int place, const void *identity, int64_t number, int32_t class_reference);
// Makes a function of C, which `strings` may be called by, from the host function that was pushed. Raises.
void lk_push_string_method(lua_State *L, const lk_string_method *strings);

// The only frame of C between Lua and a host function, which is its upvalue. When an error is raised the host's frames
// are gone.
int lk_call_host(lua_State *L);
// Raises what the host function has put since the mark.
int lk_raise_failed(lua_State *L, lk_vm *vm, size_t mark, lk_status status);

// Runs `body` protected, with the request as its light userdata argument; results stay on the stack.
lk_status lk_protect(lk_vm *vm, lua_CFunction body, void *request);
// Where the message handler is; what it puts there `lk_run` takes away.
int lk_push_handler(lk_vm *vm);
// Calls the function that was pushed after the handler. What is put to the program from now on is above `floor`.
lk_status lk_run(lk_vm *vm, int handler, int arguments, size_t floor);
// What went wrong outside of `lk_run`, where the call was stopped.
lk_status lk_conclude(lk_vm *vm, int code);
lk_status lk_out_of_memory(lk_vm *vm);
// From now on every instruction raises, until the outermost call has ended.
void lk_stop(lua_State *L, lk_vm *vm, lk_status status);
int lk_on_error(lua_State *L);
void lk_hook(lua_State *L, lua_Debug *ar);
// Sets the hook of a vm that is not being stopped.
void lk_rest(lk_vm *vm);
// Has the hook run at the next instruction. For signal handlers too.
void lk_hook_next(lk_vm *vm);
// What the hook does, for functions of C that run long: raises when the call has to end.
void lk_check(lua_State *L);
// Has the hook run at the next instruction: what was done last took long, or may have.
void lk_hurry(lk_vm *vm);

// Source that the parser gets bit by bit, with a look at the clock in between: it may take much longer than the text is
// long.
typedef struct lk_source {
    const char *text;
    size_t length;
} lk_source;
const char *lk_read_source(lua_State *L, void *source, size_t *size);

// Has the vm stopped by a signal, if it has no limit of time. Says whether that could be.
bool lk_take_signal(lk_vm *vm, const lk_options *options);
// Around what runs then, on its thread.
typedef struct lk_outer {
    lk_vm *vm;        // what ran there before
    bool is_blocked;  // whether the signal was
} lk_outer;
lk_outer lk_begin_signals(lk_vm *vm);
void lk_end_signals(lk_vm *vm, lk_outer outer);

void lk_open_sandbox(lua_State *L);
void lk_open_coroutines(lua_State *L);
void lk_open_tables(lua_State *L);
void lk_open_patterns(lua_State *L);
int lk_open_host(lua_State *L);
int lk_open_record(lua_State *L);
