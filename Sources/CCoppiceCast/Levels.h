// The functions of each level; CCoppiceCast.c chooses among them.
#pragma once

#include "CCoppiceCast.h"

#define CCAST_DECLARE(level)              \
  ccast_loop ccast_##level##_f16_to_f32;  \
  ccast_loop ccast_##level##_bf16_to_f32; \
  ccast_loop ccast_##level##_f32_to_f16;  \
  ccast_loop ccast_##level##_f32_to_bf16; \
  ccast_loop ccast_##level##_f32_to_f64;  \
  ccast_loop ccast_##level##_f64_to_f32;

// A loop over elements, at one level.
typedef bool ccast_loop(const void *source, void *target, size_t count, ccast_check check);

CCAST_DECLARE(plain)
#if defined(__x86_64__)
CCAST_DECLARE(avx2)
#endif
