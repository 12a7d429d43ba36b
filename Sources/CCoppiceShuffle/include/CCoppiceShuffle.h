#pragma once
// The byte shuffle of HDF5: elements taken apart into planes of their first bytes, second bytes, and so
// on, and put together again.
//
// In C because Swift's vectors have no operation that picks the bytes of two vectors: clang makes one
// instruction or two of each on any processor.

#include <stddef.h>

// Puts the bytes of the same place in `count` elements of `width` bytes together.
void cshuffle_split(
    const void *_Nonnull source, void *_Nonnull target, size_t count, size_t width);

// Undoes `cshuffle_split`.
void cshuffle_join(
    const void *_Nonnull source, void *_Nonnull target, size_t count, size_t width);
