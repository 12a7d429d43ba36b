// Conversions of one element, without branches, so that the compiler vectorises the loops.
#pragma once

#include <stdint.h>

// Elements may have any alignment.
typedef uint16_t __attribute__((aligned(1), may_alias)) ccast_u16;
typedef uint32_t __attribute__((aligned(1), may_alias)) ccast_u32;
typedef float __attribute__((aligned(1), may_alias)) ccast_f32;
typedef double __attribute__((aligned(1), may_alias)) ccast_f64;

#define CCAST_INLINE static inline __attribute__((always_inline))

CCAST_INLINE uint32_t ccast_bits(float value) { return __builtin_bit_cast(uint32_t, value); }
CCAST_INLINE float ccast_float(uint32_t bits) { return __builtin_bit_cast(float, bits); }

CCAST_INLINE uint32_t ccast_f16_element_to_f32(uint32_t half) {
  const uint32_t sign = (half & 0x8000) << 16;
  const uint32_t shifted = (half & 0x7fff) << 13;
  const uint32_t normal = shifted + (112u << 23);
  // Give a subnormal number an exponent that is one too large, then subtract the implied bit in
  // floating point.
  const uint32_t subnormal =
      ccast_bits(ccast_float(shifted + (113u << 23)) - ccast_float(113u << 23));
  const uint32_t special = shifted + (224u << 23);
  const uint32_t exponent = half & 0x7c00;
  return sign | (exponent == 0x7c00 ? special : exponent == 0 ? subnormal : normal);
}

CCAST_INLINE uint32_t ccast_f32_element_to_f16(uint32_t bits) {
  const uint32_t sign = (bits >> 16) & 0x8000;
  const uint32_t magnitude = bits & 0x7fffffff;
  // Below 2^-14 the unit in the last place is fixed: adding 0.5 aligns and rounds.
  const uint32_t subnormal = ccast_bits(ccast_float(magnitude) + 0.5f) - ccast_bits(0.5f);
  const uint32_t odd = (magnitude >> 13) & 1;
  const uint32_t normal = (magnitude - (112u << 23) + 0xfff + odd) >> 13;
  const uint32_t payload = (magnitude >> 13) & 0x3ff;
  const uint32_t nan = 0x7c00 | payload | (payload == 0);
  const uint32_t finite = magnitude < 0x38800000 ? subnormal : normal;
  const uint32_t large = magnitude > 0x7f800000 ? nan : 0x7c00;
  return sign | (magnitude >= 0x47800000 ? large : finite);
}

CCAST_INLINE uint32_t ccast_f32_element_to_bf16(uint32_t bits) {
  const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  const uint32_t nan = ((bits >> 16) & 0x8000) | 0x7fc0;
  return (bits & 0x7fffffff) > 0x7f800000 ? nan : rounded;
}

// Finite magnitudes from `first` on round to infinity.
CCAST_INLINE uint32_t ccast_f32_overflows(uint32_t bits, uint32_t first) {
  return (uint32_t)((bits & 0x7fffffff) - first < 0x7f800000 - first);
}

#define CCAST_F16_OVERFLOW 0x477ff000u   // 65520
#define CCAST_BF16_OVERFLOW 0x7f7f8000u  // 2^128 - 2^119
#define CCAST_F32_OVERFLOW 0x1.ffffffp127
