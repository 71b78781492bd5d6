#include "crc32c.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

// CRCs are polynomials over GF(2) with their bits reflected: bit 31 is the factor of x^0. Inside this file a CRC is
// the state of the register, which is the complement of the value that callers see.

static const uint32_t polynomial = 0x82f63b78;

typedef uint32_t (*crc32c_function)(uint32_t state, const uint8_t *bytes, size_t count);

static inline uint64_t load64(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

// MARK: Portable: eight tables, eight bytes a step

// tables[k][b] is the state after byte b and k zero bytes.
static uint32_t tables[8][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void fill_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t state = byte;
        for (int bit = 0; bit < 8; bit++) state = (state >> 1) ^ (polynomial & -(state & 1));
        tables[0][byte] = state;
    }
    for (int zeros = 1; zeros < 8; zeros++) {
        for (int byte = 0; byte < 256; byte++) {
            uint32_t previous = tables[zeros - 1][byte];
            tables[zeros][byte] = (previous >> 8) ^ tables[0][previous & 0xff];
        }
    }
}

static uint32_t extend_portable(uint32_t state, const uint8_t *bytes, size_t count) {
    pthread_once(&tables_once, fill_tables);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word = load64(bytes) ^ state;
        state = 0;
        for (int index = 0; index < 8; index++) state ^= tables[7 - index][(word >> (8 * index)) & 0xff];
    }
#endif
    for (; count > 0; bytes++, count--) state = (state >> 8) ^ tables[0][(state ^ *bytes) & 0xff];
    return state;
}

// MARK: With the processor's instruction: three streams side by side hide its latency of three cycles

// The lengths of a stream: long blocks make joining the streams cheap, short ones serve what is left.
enum { long_block = 4096, short_block = 256 };

#if defined(__x86_64__)

#include <immintrin.h>

#define HARDWARE __attribute__((target("sse4.2,pclmul")))

// A factor that moves a state over zero bytes (see `moved`).
typedef uint64_t crc32c_factor;

#define STEP8(state, byte) _mm_crc32_u8((state), (byte))
#define STEP64(state, word) ((uint32_t)_mm_crc32_u64((state), (word)))

// x^(8 * count - 33): multiplication of reflected polynomials adds one power of x, the final reduction 32.
static uint32_t factor_exponent(size_t count) { return (uint32_t)(8 * count - 33); }

HARDWARE static inline uint64_t multiply(uint32_t state, crc32c_factor factor) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi32_si128((int)state), _mm_cvtsi64_si128((long long)factor), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

// The states a and b moved by their factors, and added.
HARDWARE static inline uint32_t moved(uint32_t a, crc32c_factor fa, uint32_t b, crc32c_factor fb) {
    return STEP64(0, multiply(a, fa) ^ multiply(b, fb));
}

static bool hardware_available(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
}

#elif defined(__AARCH64EL__)

#include <arm_acle.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif

#define HARDWARE __attribute__((target("crc")))

typedef uint32_t crc32c_factor;

#define STEP8(state, byte) __crc32cb((state), (byte))
#define STEP64(state, word) __crc32cd((state), (word))

static uint32_t factor_exponent(size_t count) { return (uint32_t)(8 * count); }

// Not every ARMv8 has a carry-less multiplication: 32 shifts a block are cheap enough.
static inline uint32_t multiply(uint32_t a, uint32_t b) {
    uint32_t product = 0;
    for (int bit = 0; bit < 32; bit++) {
        product ^= b & -(a >> 31);
        a <<= 1;
        b = (b >> 1) ^ (polynomial & -(b & 1));
    }
    return product;
}

static inline uint32_t moved(uint32_t a, crc32c_factor fa, uint32_t b, crc32c_factor fb) {
    return multiply(a, fa) ^ multiply(b, fb);
}

static bool hardware_available(void) {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) & (1UL << 7)) != 0;  // HWCAP_CRC32
#else
    return true;
#endif
}

#endif

#if defined(HARDWARE)

// The factors that move a state over one and over two blocks of zeros.
struct block_factors {
    crc32c_factor one, two;
};
static struct block_factors long_factors, short_factors;
static pthread_once_t factors_once = PTHREAD_ONCE_INIT;

static crc32c_factor factor(size_t count) {
    uint32_t power = 0x80000000;
    for (uint32_t exponent = factor_exponent(count); exponent > 0; exponent--)
        power = (power >> 1) ^ (polynomial & -(power & 1));
    return power;
}

static void fill_factors(void) {
    long_factors = (struct block_factors){factor(long_block), factor(2 * long_block)};
    short_factors = (struct block_factors){factor(short_block), factor(2 * short_block)};
}

HARDWARE static inline uint32_t extend_by_three_blocks(
    uint32_t state, const uint8_t *bytes, size_t block, const struct block_factors *factors
) {
    uint32_t first = state, second = 0, third = 0;
    for (const uint8_t *end = bytes + block; bytes < end; bytes += 8) {
        first = STEP64(first, load64(bytes));
        second = STEP64(second, load64(bytes + block));
        third = STEP64(third, load64(bytes + 2 * block));
    }
    return moved(first, factors->two, second, factors->one) ^ third;
}

HARDWARE static uint32_t extend_hardware(uint32_t state, const uint8_t *bytes, size_t count) {
    for (; count >= 3 * long_block; bytes += 3 * long_block, count -= 3 * long_block)
        state = extend_by_three_blocks(state, bytes, long_block, &long_factors);
    for (; count >= 3 * short_block; bytes += 3 * short_block, count -= 3 * short_block)
        state = extend_by_three_blocks(state, bytes, short_block, &short_factors);
    for (; count >= 8; bytes += 8, count -= 8) state = STEP64(state, load64(bytes));
    for (; count > 0; bytes++, count--) state = STEP8(state, *bytes);
    return state;
}

#endif

// MARK: Choice

static uint32_t extend_first(uint32_t state, const uint8_t *bytes, size_t count);

// Points to `extend_first` until the first call, which puts the best one here; doing so twice does no harm.
static _Atomic(crc32c_function) extend = extend_first;

static uint32_t extend_first(uint32_t state, const uint8_t *bytes, size_t count) {
    crc32c_function best = extend_portable;
#if defined(HARDWARE)
    if (hardware_available()) {
        pthread_once(&factors_once, fill_factors);
        best = extend_hardware;
    }
#endif
    // Released so that who sees the pointer sees the factors too.
    atomic_store_explicit(&extend, best, memory_order_release);
    return best(state, bytes, count);
}

uint32_t csupport_crc32c(uint32_t crc, const void *bytes, size_t count) {
    return ~atomic_load_explicit(&extend, memory_order_acquire)(~crc, bytes, count);
}

uint32_t csupport_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
    return ~extend_portable(~crc, bytes, count);
}
