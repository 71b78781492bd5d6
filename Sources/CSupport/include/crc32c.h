#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Extends a CRC-32C (Castagnoli) by `count` bytes; the CRC of no bytes is 0.
/// Uses the processor's instruction where it has one, and decides that on the first call. Safe on any thread.
uint32_t csupport_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same without special instructions: what other processors run, and what tests compare with.
uint32_t csupport_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
