#pragma once
// The byte shuffle of HDF5: it splits elements into planes of their first bytes, second bytes, and
// so on, and joins them again.
//
// This is C because Swift's vectors have no operation that picks the bytes of two vectors: clang
// compiles each to one or two instructions on any processor.

#include <stddef.h>

// Groups the bytes of equal index in `count` elements of `width` bytes.
void cshuffle_split(
    const void *_Nonnull source, void *_Nonnull target, size_t count, size_t width);

// Undoes `cshuffle_split`.
void cshuffle_join(
    const void *_Nonnull source, void *_Nonnull target, size_t count, size_t width);
