// AVX2 with F16C, which processors have since 2013.

#if defined(__x86_64__)

#include <immintrin.h>

#define CCAST_LEVEL(name) ccast_avx2_##name
#define CCAST_TARGET __attribute__((target("avx2,f16c")))
#define CCAST_OWN_F16

#include "Elements.h"
#include "Levels.h"

// F16C quiets NaNs, but NumPy doesn't: restore the source's quiet bit in a NaN.
CCAST_TARGET bool ccast_avx2_f16_to_f32(const void *source, void *target, size_t count,
                                        ccast_check check) {
  (void)check;
  const ccast_u16 *from = source;
  ccast_u32 *to = target;
  const __m256i quiet = _mm256_set1_epi32(0x00400000);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i half = _mm_loadu_si128((const __m128i *)(from + i));
    const __m256 value = _mm256_cvtph_ps(half);
    const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(value, value, _CMP_UNORD_Q));
    const __m256i shifted = _mm256_slli_epi32(_mm256_cvtepu16_epi32(half), 13);
    const __m256i wrong = _mm256_andnot_si256(shifted, _mm256_and_si256(nan, quiet));
    const __m256i bits = _mm256_andnot_si256(wrong, _mm256_castps_si256(value));
    _mm256_storeu_si256((__m256i *)(to + i), bits);
  }
  for (; i < count; i++) to[i] = ccast_f16_element_to_f32(from[i]);
  return false;
}

CCAST_TARGET CCAST_INLINE bool ccast_avx2_f32_to_f16_loop(const void *source, void *target,
                                                          size_t count, ccast_check check) {
  const ccast_u32 *from = source;
  ccast_u16 *to = target;
  const __m256i magnitudes = _mm256_set1_epi32(0x7fffffff);
  const __m256i infinity = _mm256_set1_epi32(0x7f800000);
  const __m256i last = _mm256_set1_epi32(CCAST_F16_OVERFLOW - 1);
  __m256i failures = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m256i bits = _mm256_loadu_si256((const __m256i *)(from + i));
    const __m256 value = _mm256_castsi256_ps(bits);
    const __m128i half = _mm256_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128((__m128i *)(to + i), half);
    const __m256i magnitude = _mm256_and_si256(bits, magnitudes);
    const __m256i nan = _mm256_cmpgt_epi32(magnitude, infinity);
    if (!_mm256_testz_si256(nan, nan)) {
      // F16C quiets NaNs, but NumPy doesn't.
      for (size_t k = i; k < i + 8; k++) to[k] = (uint16_t)ccast_f32_element_to_f16(from[k]);
    }
    if (check == ccast_finite) {
      const __m256i over = _mm256_cmpgt_epi32(magnitude, last);
      const __m256i below = _mm256_cmpgt_epi32(infinity, magnitude);
      failures = _mm256_or_si256(failures, _mm256_and_si256(over, below));
    }
    if (check == ccast_exact) {
      const __m256 changed = _mm256_cmp_ps(_mm256_cvtph_ps(half), value, _CMP_NEQ_OQ);
      failures = _mm256_or_si256(failures, _mm256_castps_si256(changed));
    }
  }
  uint32_t rest = 0;
  for (; i < count; i++) {
    const uint32_t half = ccast_f32_element_to_f16(from[i]);
    to[i] = (uint16_t)half;
    if (check == ccast_finite) rest |= ccast_f32_overflows(from[i], CCAST_F16_OVERFLOW);
    if (check == ccast_exact) {
      const uint32_t is_nan = (from[i] & 0x7fffffff) > 0x7f800000;
      rest |= (ccast_f16_element_to_f32(half) != from[i]) & (is_nan ^ 1);
    }
  }
  return rest != 0 || !_mm256_testz_si256(failures, failures);
}

#include "Loops.h"

#endif
