#pragma once

/// Asks for the cache line of an address that will be written soon. Any address will do: nothing is read or written.
static inline void kl_prefetch_for_writing(const void *address) { __builtin_prefetch(address, 1, 3); }
