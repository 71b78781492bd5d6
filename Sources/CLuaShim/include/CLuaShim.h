#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Every call that can raise a Lua error, behind functions that return a status.
//
// A Lua error is a longjmp, and a longjmp over a Swift frame skips its defers. So no function declared here raises:
// what can fail runs inside a protected frame of its own. A host function gives back a status, and the error is raised
// after its Swift frame has gone.
//
// Values go to Lua by a *program*: `lk_put_…` appends to it, and the next call (or the return of a host function)
// pushes it in one protected frame. Values come from Lua in *slots*: positions on the stack of the running frame. The
// bytes of a string in a slot stay valid while its slot does. A slot that does not exist reads as LK_ABSENT.
//
// A vm has one owner at a time: nothing here locks, except for the flag of `lk_flag`.

typedef struct lk_vm lk_vm;

typedef enum lk_type {
    LK_ABSENT = 0,
    LK_NIL,
    LK_BOOLEAN,
    LK_INTEGER,
    LK_NUMBER,
    LK_STRING,
    LK_TABLE,
    LK_FUNCTION,
    LK_OBJECT,
    LK_RECORD,
    LK_OTHER,
} lk_type;

typedef enum lk_status {
    LK_OK = 0,
    LK_SYNTAX,
    LK_RUNTIME,
    LK_MEMORY,
    LK_TIMEOUT,
    LK_INTERRUPTED,
} lk_status;

typedef enum lk_profile {
    LK_PROFILE_SCRIPT,
    LK_PROFILE_PLUGIN,
} lk_profile;

// A value whose bytes are borrowed. `reference` is for tables, functions and whatever else Lua keeps.
typedef struct lk_value {
    lk_type type;
    int32_t reference;
    union {
        int64_t integer;
        double number;
        const void *bytes;
    };
    size_t length;
} lk_value;

// ---- What belongs to the calling thread.

// From 0, in the order in which threads ask.
uint32_t lk_thread_number(void);
// Which version of a script has this thread's record: set by the record's first hook, asked by those after it. It may be
// held, which is for the caller to undo: what is given back was held before, or is -1.
int64_t lk_pin(const void *script, int64_t version, bool is_held);
// -1 where none was set for that script.
int64_t lk_pinned(const void *script);
// The version that was held; it is no longer, and it is not pinned any more. -1 where none was.
int64_t lk_take_pin(const void *script);

// ---- A flag that stops a script; any thread and any signal handler may raise it.

typedef struct lk_flag lk_flag;
lk_flag *lk_flag_new(void);
void lk_flag_free(lk_flag *flag);
// Stops what runs, or else what runs next. From any thread, and from signal handlers.
void lk_flag_raise(lk_flag *flag);
void lk_flag_lower(lk_flag *flag);
bool lk_flag_is_raised(const lk_flag *flag);

// ---- The life of a vm.

typedef void (*lk_release)(void *object);

typedef struct lk_options {
    lk_profile profile;
    size_t memory_limit;       // bytes; 0 means none
    uint64_t time_limit;       // nanoseconds of processor time for an outermost call; 0 means none
    lk_flag *interrupt;        // outlives the vm; lowered when seen; may be NULL
    int signal;                // what raising the flag may send to the thread that runs a vm without limits; 0 for none
    lk_release release;        // lets go of host objects and of host functions' contexts
} lk_options;

// NULL when there is not enough memory.
lk_vm *lk_new(const lk_options *options);
// Gives back how many bytes Lua had not returned, which is 0. Not to be called from inside a call.
size_t lk_close(lk_vm *vm);
size_t lk_memory_used(const lk_vm *vm);
size_t lk_memory_peak(const lk_vm *vm);
void lk_collect(lk_vm *vm);
// How many calls are under way, one inside the other.
int32_t lk_depth(const lk_vm *vm);
// Whether the call under way is being stopped, so that any further call of Lua in it fails.
bool lk_is_stopping(const lk_vm *vm);

// ---- The program.

typedef lk_status (*lk_host_function)(void *context, lk_vm *vm, int32_t argument_count);

// A call of a method with strings and nils alone, or with a table of them, whose result is a part of a host object: what
// the hottest methods take and give, without a program.
enum { LK_STRINGS = 3 };
struct lk_string_method;
typedef struct lk_string_call {
    const struct lk_string_method *method;
    void *object;                   // before the colon
    const void *bytes[LK_STRINGS];  // NULL for nil
    size_t lengths[LK_STRINGS];
    const void *whole;  // of the part to give back: one that `lk_holds_whole`. NULL where results were put instead
    int64_t number;     // the part's
} lk_string_call;

// How a method is called where it is given an object of that identity and `LK_STRINGS` strings or nils, or a table that
// has them in its fields. Tables are read raw.
typedef struct lk_string_method {
    // `lk_status`; or -1 if nothing was done, and the function proper is to be called.
    int32_t (*call)(void *context, lk_string_call *call);
    void *context;
    const void *identity;
    const void *part_identity;
    int32_t part_class;
    // The names of the strings' fields, then of fields that leave the table to the function proper; 0 for no tables.
    int32_t field_count;
    const char *const *fields;
} lk_string_method;

size_t lk_mark(const lk_vm *vm);
// Drops what was put since the mark.
void lk_drop(lk_vm *vm, size_t mark);
void lk_put_nil(lk_vm *vm);
void lk_put_boolean(lk_vm *vm, bool value);
void lk_put_integer(lk_vm *vm, int64_t value);
void lk_put_number(lk_vm *vm, double value);
// Copies the bytes.
void lk_put_string(lk_vm *vm, const void *bytes, size_t length);
// Borrows the bytes until the call they are put for has started.
void lk_put_borrowed(lk_vm *vm, const void *bytes, size_t length);
void lk_put_reference(lk_vm *vm, int32_t reference);
// Only for results of a host function: one of its own slots.
void lk_put_slot(lk_vm *vm, int32_t slot);
// Keys and values alternate until the end; a nil value leaves its key out.
void lk_put_table(lk_vm *vm, int32_t items, int32_t fields);
void lk_put_end(lk_vm *vm);
// Gives the table that is being put its metatable. Stands where a key would.
void lk_put_metatable(lk_vm *vm, int32_t reference);
// Takes over one retain of `context`. What `strings` points to must live as long; NULL for none.
void lk_put_function(lk_vm *vm, lk_host_function call, const lk_string_method *strings, void *context);
// Takes over one retain of `object`. `class_reference` comes from `lk_new_class`.
void lk_put_object(lk_vm *vm, int32_t class_reference, const void *identity, void *object);
// Whether the object is one that parts were made of lately: the next part then needs no retain.
bool lk_holds_whole(const lk_vm *vm, const void *whole);
// A small object that is known by its number in a larger one: cheaper than an object of its own. Takes over one retain
// of `whole`, which it needs unless `lk_holds_whole` is true.
void lk_put_part(
    lk_vm *vm, int32_t class_reference, const void *identity, void *whole, bool is_retained, int64_t number);

// ---- Calls. Results, or the error's value, are in the slots after `lk_top` as it was before; `lk_set_top` drops them.

int32_t lk_top(const lk_vm *vm);
void lk_set_top(lk_vm *vm, int32_t top);
// Compiles text (never bytecode) and leaves the function in a slot.
lk_status lk_load(lk_vm *vm, const void *text, size_t length, const char *name);
// Calls what the reference holds with what was put since the mark.
lk_status lk_call(lk_vm *vm, int32_t reference, size_t mark);
// Leaves in a slot the value that was put since the mark.
lk_status lk_push(lk_vm *vm, size_t mark);
// Looks up, raw, the key that was put since the mark, and leaves what is there in a slot.
lk_status lk_get(lk_vm *vm, int32_t table, size_t mark);
// Sets, raw, the keys and values that were put since the mark.
lk_status lk_set(lk_vm *vm, int32_t table, size_t mark);
// Makes the value that was put since the mark what `require(name)` gives.
lk_status lk_set_module(lk_vm *vm, const char *name, size_t mark);
// Converts as `tostring` does (metamethods included) and leaves the string in a slot.
lk_status lk_to_string(lk_vm *vm, int32_t slot);

// The table of globals, as a reference that is always there.
int32_t lk_globals(const lk_vm *vm);

// What went wrong in the call that failed last. Valid until the next call.
typedef struct lk_error {
    lk_status status;
    const char *message;  // without its position; not terminated by NUL
    size_t message_length;
    const char *script;  // empty when unknown
    int32_t line;        // 0 when unknown
    const char *traceback;
    size_t traceback_length;
    bool is_incomplete;  // a chunk that ended too early
} lk_error;
lk_error lk_last_error(const lk_vm *vm);

// For a host function that fails: the value put last is the error. The position of the caller goes in front of a
// string when `is_positioned` is false. The result is what the host function has to return.
lk_status lk_fail(lk_vm *vm, lk_status status, bool is_positioned);

// ---- Slots.

lk_type lk_type_at(const lk_vm *vm, int32_t slot);
bool lk_boolean_at(const lk_vm *vm, int32_t slot);
// False when the number has no integer representation or the slot has no number. Strings are not converted.
bool lk_integer_at(const lk_vm *vm, int32_t slot, int64_t *value);
bool lk_number_at(const lk_vm *vm, int32_t slot, double *value);
// NULL when the slot has no string.
const void *lk_bytes_at(const lk_vm *vm, int32_t slot, size_t *length);
// NULL when the slot has no host object of this identity, or one that was released.
void *lk_object_at(const lk_vm *vm, int32_t slot, const void *identity);
// The object that the slot has a part of, and the part's number; NULL for anything else.
void *lk_part_at(lk_vm *vm, int32_t slot, const void *identity, int64_t *number);
// An address that tells tables, functions and objects apart.
uintptr_t lk_address_at(const lk_vm *vm, int32_t slot);
// Where a function of Lua was written: its line, or 0 when the slot has no such function.
int32_t lk_line_at(const lk_vm *vm, int32_t slot);
// The name of the type as Lua says it, or the class of a host object. Valid while the slot is.
const char *lk_type_name_at(lk_vm *vm, int32_t slot);
size_t lk_count_at(const lk_vm *vm, int32_t slot);
// Opens a slot with a field of a table, raw. `name` must be a constant: it is known again by its address.
// 0 when there is no memory.
int32_t lk_field(lk_vm *vm, int32_t table, const char *name, size_t length);
// Opens a slot with an item of a table, raw.
int32_t lk_item(lk_vm *vm, int32_t table, int64_t index);
// Opens a slot with the metatable of a value, raw; 0 when there is none.
int32_t lk_metatable(lk_vm *vm, int32_t slot);
// Opens two slots, key and value, before the first pair of a table; 0 when there is no memory.
int32_t lk_begin(lk_vm *vm);
// Steps to the next pair: the key is in slot `key`, the value in the one after it. False at the end.
bool lk_next(lk_vm *vm, int32_t table, int32_t key);

// ---- References: what a slot holds, kept until it is released. 0 when there is no memory.

int32_t lk_retain(lk_vm *vm, int32_t slot);
void lk_forget(lk_vm *vm, int32_t reference);
int32_t lk_reference_count(const lk_vm *vm);

// ---- Host objects: the program has the table of methods, then the table of metamethods. 0 when there is no memory.

int32_t lk_new_class(lk_vm *vm, const char *name, size_t mark, bool is_of_parts);

// ---- The record that hooks see.

typedef struct lk_header {
    const void *key;
    size_t key_length;
    const void *value;  // NULL for a null value
    size_t value_length;
} lk_header;

typedef struct lk_record {
    lk_value topic;
    lk_value key;
    lk_value value;
    const lk_header *headers;
    size_t header_count;
    int64_t timestamp;  // milliseconds; -1 for none
    int32_t partition;  // -1 for none
    bool is_writable;
    bool is_key_alone;  // of the rest only the topic is lent: the others raise
} lk_record;

typedef enum lk_record_field {
    LK_RECORD_TOPIC = 1,
    LK_RECORD_KEY,
    LK_RECORD_VALUE,
    LK_RECORD_HEADERS,
    LK_RECORD_TIMESTAMP,
    LK_RECORD_PARTITION,
} lk_record_field;

// What a hook gave back: LK_INTEGER, LK_NIL for nil or nothing, or LK_OTHER, which is left in the slots after the top.
typedef struct lk_answer {
    lk_type type;
    int64_t integer;
} lk_answer;
// A hook's call of one record and one integer. The record is lent for the call: whatever Lua holds of it afterwards
// raises.
lk_status lk_call_record(lk_vm *vm, int32_t function, const lk_record *record, int64_t argument, lk_answer *answer);

// What a hook wrote to a writable record. Headers count as written once they were read, since the table that they are
// given as may have been changed.
typedef struct lk_written {
    uint32_t fields;  // a bit for each `lk_record_field`
    int32_t slot;     // of the first of these values; the others follow in the order of their fields
} lk_written;
// A hook's call of one record, lent as above, that it may write to. What it wrote is in slots after the top.
lk_status lk_call_writing(lk_vm *vm, int32_t function, const lk_record *record, lk_written *written);
