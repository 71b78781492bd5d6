#include "vm.h"

// Methods that are called with strings more often than not, or with a table of them.

// The name of a method's field is kept by the function of C.
static int field_upvalue(int field) { return lua_upvalueindex(field + 2); }

static bool read_string(lua_State *L, int index, int type, lk_string_call *call, int number) {
    if (type == LUA_TSTRING) {
        call->bytes[number] = lua_tolstring(L, index, &call->lengths[number]);
        return true;
    }
    call->bytes[number] = NULL;
    call->lengths[number] = 0;
    return type == LUA_TNIL;
}

static int push_field(lua_State *L, int table, int field) {
    lua_pushvalue(L, field_upvalue(field));
    return lua_rawget(L, table);
}

// The fields stay on the stack, in the room that each function of C is given: what runs during the call may take them out
// of the table.
enum { MOST_FIELDS = LUA_MINSTACK - 8 };

static bool read_fields(lua_State *L, int table, const lk_string_method *method, lk_string_call *call) {
    for (int field = LK_STRINGS; field < method->field_count; field++) {
        if (push_field(L, table, field) != LUA_TNIL) return false;
    }
    for (int i = 0; i < LK_STRINGS; i++) {
        int type = push_field(L, table, i);
        if (!read_string(L, -1, type, call, i)) return false;
    }
    return true;
}

static bool read_strings(lua_State *L, int top, const lk_string_method *method, lk_string_call *call) {
    bool is_table = top == 2 && method->field_count > 0 && lua_type(L, 2) == LUA_TTABLE;
    if (!is_table && top != LK_STRINGS + 1) return false;
    const lk_object *receiver = lk_userdata(L, 1, &lk_object_magic);
    if (!receiver || receiver->identity != method->identity || !receiver->object) return false;
    call->method = method;
    call->object = receiver->object;
    call->whole = NULL;
    if (is_table) return read_fields(L, 2, method, call);
    for (int i = 0; i < LK_STRINGS; i++) {
        if (!read_string(L, i + 2, lua_type(L, i + 2), call, i)) return false;
    }
    return true;
}

static int call_proper(lua_State *L, int top) {
    lua_settop(L, top);
    return lk_call_host(L);
}

// As `lk_call_host`, for a method that may be called with strings.
static int call_with_strings(lua_State *L) {
    const lk_function *function = lua_touserdata(L, lua_upvalueindex(1));
    if (!function || !function->context) return lk_call_host(L);
    const lk_string_method *strings = function->strings;
    lk_string_call call;
    int top = lua_gettop(L);
    if (!read_strings(L, top, strings, &call)) return call_proper(L, top);
    lk_vm *vm = lk_of(L);
    size_t mark = vm->floor;
    if (vm->op_count > mark) lk_drop(vm, mark);
    lua_State *outer = vm->L;
    vm->L = L;
    int32_t status = strings->call(strings->context, &call);
    vm->L = outer;
    if (status < 0) return call_proper(L, top);
    if (status != LK_OK) return lk_raise_failed(L, vm, mark, status);
    if (!call.whole) return lk_push_program(L, vm, mark);
    int place = (int)lk_whole_place(call.whole);
    lk_push_part_of(L, vm, place, strings->part_identity, call.number, strings->part_class);
    return 1;
}

void lk_push_string_method(lua_State *L, const lk_string_method *strings) {
    if (strings->field_count > MOST_FIELDS) luaL_error(L, "a method has too many fields");
    luaL_checkstack(L, MOST_FIELDS, "too many values");
    for (int field = 0; field < strings->field_count; field++) lua_pushstring(L, strings->fields[field]);
    lua_pushcclosure(L, call_with_strings, strings->field_count + 1);
}
