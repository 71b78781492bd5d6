// ThreadSanitizer sees what code that was compiled for it does. The fast way through Swift's `Mutex` is such code; the way
// through the kernel, where a thread waits for another, is in a library that is not: without a word about it each contended
// lock looks like none. So these stand in front of that library's functions, and say what they do.

#if defined(__linux__) && defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define _GNU_SOURCE  // RTLD_NEXT
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

typedef SWIFT void lock_slow(uint32_t thread, SELF);
typedef SWIFT bool try_lock_slow(SELF);
typedef SWIFT void unlock_slow(SELF);

SWIFT void lock(uint32_t thread, SELF) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT bool try_lock(SELF) __asm__("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
SWIFT void unlock(SELF) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

SWIFT void lock(uint32_t thread, SELF) {
    lock_slow *next = (lock_slow *)dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
    next(thread, self);
    __tsan_acquire(self);
}

SWIFT bool try_lock(SELF) {
    try_lock_slow *next = (try_lock_slow *)dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
    bool is_locked = next(self);
    if (is_locked) __tsan_acquire(self);
    return is_locked;
}

SWIFT void unlock(SELF) {
    unlock_slow *next = (unlock_slow *)dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
    __tsan_release(self);
    next(self);
}
#endif
#endif
