// The loops, included once for each level with CCAST_LEVEL(name) and CCAST_TARGET defined. Each
// narrowing loop is written once; the constant `check` makes three variants of it.

#include "Elements.h"
#include "Levels.h"

#ifndef CCAST_OWN_F16
CCAST_TARGET bool CCAST_LEVEL(f16_to_f32)(const void *source, void *target, size_t count,
                                          ccast_check check) {
  (void)check;
  const ccast_u16 *restrict from = source;
  ccast_u32 *restrict to = target;
  for (size_t i = 0; i < count; i++) to[i] = ccast_f16_element_to_f32(from[i]);
  return false;
}

CCAST_TARGET CCAST_INLINE bool CCAST_LEVEL(f32_to_f16_loop)(const void *source, void *target,
                                                            size_t count, ccast_check check) {
  const ccast_u32 *restrict from = source;
  ccast_u16 *restrict to = target;
  uint32_t failures = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t bits = from[i];
    const uint32_t half = ccast_f32_element_to_f16(bits);
    to[i] = (uint16_t)half;
    if (check == ccast_finite) failures |= ccast_f32_overflows(bits, CCAST_F16_OVERFLOW);
    if (check == ccast_exact) {
      const uint32_t is_nan = (bits & 0x7fffffff) > 0x7f800000;
      failures |= (ccast_f16_element_to_f32(half) != bits) & (is_nan ^ 1);
    }
  }
  return failures != 0;
}
#endif

CCAST_TARGET bool CCAST_LEVEL(bf16_to_f32)(const void *source, void *target, size_t count,
                                           ccast_check check) {
  (void)check;
  const ccast_u16 *restrict from = source;
  ccast_u32 *restrict to = target;
  for (size_t i = 0; i < count; i++) to[i] = (uint32_t)from[i] << 16;
  return false;
}

CCAST_TARGET bool CCAST_LEVEL(f32_to_f64)(const void *source, void *target, size_t count,
                                          ccast_check check) {
  (void)check;
  const ccast_f32 *restrict from = source;
  ccast_f64 *restrict to = target;
  for (size_t i = 0; i < count; i++) to[i] = from[i];
  return false;
}

CCAST_TARGET CCAST_INLINE bool CCAST_LEVEL(f32_to_bf16_loop)(const void *source, void *target,
                                                             size_t count, ccast_check check) {
  const ccast_u32 *restrict from = source;
  ccast_u16 *restrict to = target;
  uint32_t failures = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t bits = from[i];
    to[i] = (uint16_t)ccast_f32_element_to_bf16(bits);
    if (check == ccast_finite) failures |= ccast_f32_overflows(bits, CCAST_BF16_OVERFLOW);
    if (check == ccast_exact) {
      const uint32_t is_nan = (bits & 0x7fffffff) > 0x7f800000;
      failures |= ((bits & 0xffff) != 0) & (is_nan ^ 1);
    }
  }
  return failures != 0;
}

CCAST_TARGET CCAST_INLINE bool CCAST_LEVEL(f64_to_f32_loop)(const void *source, void *target,
                                                            size_t count, ccast_check check) {
  const ccast_f64 *restrict from = source;
  ccast_f32 *restrict to = target;
  int64_t failures = 0;
  for (size_t i = 0; i < count; i++) {
    const double value = from[i];
    const float narrow = (float)value;
    to[i] = narrow;
    if (check == ccast_finite) {
      const double magnitude = __builtin_fabs(value);
      failures |= (magnitude >= CCAST_F32_OVERFLOW) & (magnitude < __builtin_inf());
    }
    if (check == ccast_exact) failures |= ((double)narrow != value) & (value == value);
  }
  return failures != 0;
}

#define CCAST_NARROWING(name)                                                              \
  CCAST_TARGET bool CCAST_LEVEL(name)(const void *source, void *target, size_t count,      \
                                      ccast_check check) {                                 \
    switch (check) {                                                                       \
      case ccast_unchecked:                                                                \
        return CCAST_LEVEL(name##_loop)(source, target, count, ccast_unchecked);           \
      case ccast_finite:                                                                   \
        return CCAST_LEVEL(name##_loop)(source, target, count, ccast_finite);              \
      case ccast_exact:                                                                    \
        return CCAST_LEVEL(name##_loop)(source, target, count, ccast_exact);               \
    }                                                                                      \
    return false;                                                                          \
  }

CCAST_NARROWING(f32_to_f16)
CCAST_NARROWING(f32_to_bf16)
CCAST_NARROWING(f64_to_f32)
