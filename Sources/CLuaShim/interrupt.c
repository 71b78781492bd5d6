#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "vm.h"

// A hook that looks at a flag costs as much as the instructions between which it looks. Where the program spares a signal
// for it a script runs without: the signal, sent to the thread that runs the script, sets the hook, which Lua allows.
// Nothing of C is interrupted; coroutines, which the signal may not find, keep a hook of their own.
struct lk_flag {
    atomic_bool raised;
    // The thread to send the signal to, where there is one.
    atomic_bool is_running;
    pthread_t thread;
    int signal;
    // So many are about to send it: the thread does not go meanwhile.
    atomic_int senders;
};

// What this thread runs that has no hook.
static _Thread_local lk_vm *volatile running;

// A thread sanitizer keeps signals until the thread comes to something that it watches, and Lua never does.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LK_TAKES_SIGNALS false
#endif
#endif
#ifndef LK_TAKES_SIGNALS
#define LK_TAKES_SIGNALS true
#endif

lk_flag *lk_flag_new(void) { return calloc(1, sizeof(lk_flag)); }
void lk_flag_free(lk_flag *flag) { free(flag); }

void lk_flag_raise(lk_flag *flag) {
    atomic_store(&flag->raised, true);
    atomic_fetch_add(&flag->senders, 1);
    if (atomic_load(&flag->is_running)) pthread_kill(flag->thread, flag->signal);
    atomic_fetch_sub(&flag->senders, 1);
}

void lk_flag_lower(lk_flag *flag) { atomic_store(&flag->raised, false); }

bool lk_flag_is_raised(const lk_flag *flag) {
    return flag && atomic_load_explicit(&flag->raised, memory_order_acquire);
}

static void set_hook(int number) {
    (void)number;
    if (running) lk_hook_next(running);
}

bool lk_take_signal(lk_vm *vm, const lk_options *options) {
    if (!LK_TAKES_SIGNALS || !options->signal || !options->interrupt || options->time_limit) return true;
    struct sigaction action = {.sa_handler = set_hook, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    if (sigaction(options->signal, &action, NULL) != 0) return false;
    options->interrupt->signal = options->signal;
    vm->has_signal = true;
    return true;
}

// Upvalue: Lua's own function. Threads of Lua inherit the hook of the thread that makes them, which loses its own when
// that runs.
static int make_hooked(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    if (!lua_gethook(L)) lua_sethook(L, lk_hook, LUA_MASKCOUNT, LK_HOOK_INTERVAL);
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

void lk_open_coroutines(lua_State *L) {
    static const char *const makers[] = {"create", "wrap"};
    lua_getglobal(L, LUA_COLIBNAME);
    for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++) {
        lua_getfield(L, -1, makers[i]);
        lua_pushcclosure(L, make_hooked, 1);
        lua_setfield(L, -2, makers[i]);
    }
    lua_pop(L, 1);
}

// Dispatch blocks signals on its threads.
static bool block(int number, bool is_blocked) {
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(is_blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, &before);
    return sigismember(&before, number) == 1;
}

lk_outer lk_begin_signals(lk_vm *vm) {
    lk_flag *flag = vm->interrupt;
    lk_outer outer = {.vm = running, .is_blocked = block(flag->signal, false)};
    running = vm;
    flag->thread = pthread_self();
    atomic_store(&flag->is_running, true);
    // Whoever has raised it before saw nobody to tell.
    if (lk_flag_is_raised(flag)) lk_hook_next(vm);
    return outer;
}

void lk_end_signals(lk_vm *vm, lk_outer outer) {
    lk_flag *flag = vm->interrupt;
    atomic_store(&flag->is_running, false);
    while (atomic_load(&flag->senders) > 0) sched_yield();
    running = outer.vm;
    // Its signal may have come meanwhile.
    if (outer.vm && lk_flag_is_raised(outer.vm->interrupt)) lk_hook_next(outer.vm);
    if (outer.is_blocked) block(flag->signal, true);
}
