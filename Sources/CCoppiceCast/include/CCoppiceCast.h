// Bulk conversion between floating-point types.
//
// This is C because Swift has no function multi-versioning and no F16C intrinsics, and these loops
// must keep up with memory on processors that are only known at run time. CoppiceModel/Cast
// converts single elements in Swift, with the same bits.
//
// Sources and targets need no alignment and must not overlap. Results are rounded to nearest, ties
// to even. NaN bits are those of NumPy and ml_dtypes: float16 keeps the top of the payload without
// quieting, bfloat16 has one NaN for each sign, float32 <-> float64 quiets.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// The instruction sets that the loops are compiled for. AVX-512 isn't among them: AVX2 already
// reaches the speed of memory.
typedef enum ccast_level { ccast_plain, ccast_avx2 } ccast_level;

// The check of a narrowing conversion.
typedef enum ccast_check {
  ccast_unchecked,
  ccast_finite,  // a finite element has become infinite
  ccast_exact,   // an element that is no NaN has changed its value
} ccast_check;

// The best level that this processor can run.
ccast_level ccast_best_level(void);

// Each function converts all elements and returns whether the check failed for any of them; the
// widening ones always succeed.
bool ccast_f16_to_f32(const void *source, void *target, size_t count, ccast_check check,
                      ccast_level level);
bool ccast_bf16_to_f32(const void *source, void *target, size_t count, ccast_check check,
                       ccast_level level);
bool ccast_f32_to_f16(const void *source, void *target, size_t count, ccast_check check,
                      ccast_level level);
bool ccast_f32_to_bf16(const void *source, void *target, size_t count, ccast_check check,
                       ccast_level level);
bool ccast_f32_to_f64(const void *source, void *target, size_t count, ccast_check check,
                      ccast_level level);
bool ccast_f64_to_f32(const void *source, void *target, size_t count, ccast_check check,
                      ccast_level level);
