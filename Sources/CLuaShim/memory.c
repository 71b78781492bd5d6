#include <stdlib.h>
#include <string.h>

#include "vm.h"

// What an address sanitizer is to see is not kept from it.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LK_KEEPS_BLOCKS 0
#endif
#endif
#ifndef LK_KEEPS_BLOCKS
#define LK_KEEPS_BLOCKS 1
#endif

// Small blocks that Lua gives back are kept, by size, for the next that asks for one: a record leaves a string or a
// future behind, and malloc would cost more than all the rest of it. Beyond a limit they go back to malloc.
enum { BLOCK_STEP = 16, MOST_KEPT_BYTES = 1 << 20 };

struct lk_block {
    lk_block *next;
};

static size_t class_of(size_t size) { return LK_KEEPS_BLOCKS ? (size - 1) / BLOCK_STEP : LK_BLOCK_CLASSES; }
static size_t size_of(size_t class) { return (class + 1) * BLOCK_STEP; }

// A block of the class that was given back, or NULL.
static void *take_kept(lk_blocks *blocks, size_t class) {
    lk_block *block = blocks->kept[class];
    if (!block) return NULL;
    blocks->kept[class] = block->next;
    // The next that is taken was last seen when it was given back.
    __builtin_prefetch(block->next, 1);
    blocks->bytes -= size_of(class);
    return block;
}

static void *take(lk_blocks *blocks, size_t size) {
    size_t class = class_of(size);
    if (class >= LK_BLOCK_CLASSES) return malloc(size);
    void *block = take_kept(blocks, class);
    return block ? block : malloc(size_of(class));
}

static void give(lk_blocks *blocks, void *old, size_t size) {
    size_t class = class_of(size);
    if (class >= LK_BLOCK_CLASSES || blocks->bytes >= MOST_KEPT_BYTES) {
        free(old);
        return;
    }
    lk_block *block = old;
    block->next = blocks->kept[class];
    blocks->kept[class] = block;
    blocks->bytes += size_of(class);
}

static void *resize(lk_blocks *blocks, void *old, size_t old_size, size_t size) {
    size_t class = class_of(size), old_class = class_of(old_size);
    if (class >= LK_BLOCK_CLASSES && old_class >= LK_BLOCK_CLASSES) return realloc(old, size);
    if (class == old_class) return old;
    void *new = take(blocks, size);
    // Lua does not expect that making a block smaller fails.
    if (!new) return size < old_size ? old : NULL;
    memcpy(new, old, size < old_size ? size : old_size);
    give(blocks, old, old_size);
    return new;
}

void lk_free_blocks(lk_blocks *blocks) {
    for (size_t class = 0; class < LK_BLOCK_CLASSES; class++) {
        while (blocks->kept[class]) {
            lk_block *block = blocks->kept[class];
            blocks->kept[class] = block->next;
            free(block);
        }
    }
}

static bool has_room(const lk_vm *vm, size_t growth) {
    return !vm->memory_limit || growth <= vm->memory_limit - vm->used;
}

static void count(lk_vm *vm, size_t old_size, size_t size) {
    vm->unchecked += size;
    vm->used += size - old_size;
    if (vm->used > vm->peak) vm->peak = vm->used;
}

// Apart, so that the short way of `lk_allocate` saves no registers.
__attribute__((noinline)) static void *allocate(lk_vm *vm, void *old, size_t old_size, size_t size) {
    // For a new block Lua passes its type where the old size would be.
    bool is_string = !old && old_size == LUA_TSTRING;
    if (!old) old_size = 0;
    if (size > old_size && !has_room(vm, size - old_size)) {
        // Lua collects all garbage now, and asks again.
        lk_hurry(vm);
        return NULL;
    }
    void *new = old ? resize(&vm->blocks, old, old_size, size) : take(&vm->blocks, size);
    if (!new) return NULL;
    count(vm, old_size, size);
    if (is_string && size > vm->longest) {
        vm->longest = size;
        if (size > LK_BYTES_BETWEEN_CHECKS / LK_HOOK_INTERVAL) lk_hurry(vm);
    }
    if (vm->unchecked > LK_BYTES_A_CHECK) lk_hurry(vm);
    return new;
}

void *lk_allocate(void *context, void *old, size_t old_size, size_t size) {
    lk_vm *vm = context;
    if (size == 0) {
        if (!old) return NULL;
        vm->used -= old_size;
        give(&vm->blocks, old, old_size);
        return NULL;
    }
    // Most are small and new. No string of such a length is worth noting.
    size_t class = class_of(size);
    if (!old && class < LK_BLOCK_CLASSES && has_room(vm, size) && vm->unchecked + size <= LK_BYTES_A_CHECK) {
        void *block = take_kept(&vm->blocks, class);
        if (block) {
            count(vm, 0, size);
            return block;
        }
    }
    return allocate(vm, old, old_size, size);
}
