#pragma once

/// Tells the processor that a loop waits for another thread: it saves power, and leaves more to the core's other thread.
static inline void csupport_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}
