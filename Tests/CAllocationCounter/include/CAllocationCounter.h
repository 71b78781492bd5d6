// Counts the calls of malloc and its kin that a process makes: linked into a program, its functions stand before those
// of the C library for all libraries of the process.

#ifndef CALLOCATION_COUNTER_H
#define CALLOCATION_COUNTER_H

#include <stdint.h>

/// How many times memory was asked for so far, by all threads; -1 where that cannot be counted: elsewhere than with the
/// GNU C library, and in programs with a sanitizer, which have functions of their own.
int64_t allocation_count(void);

#endif
