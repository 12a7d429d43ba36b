#include "CCoppiceCRC32.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define HAS_INSTRUCTIONS 1
#define WITH_INSTRUCTIONS __attribute__((target("pclmul,sse4.1")))

static bool processor_has_instructions(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

/// Moves a remainder past the bytes of a distance, which is in the factors.
WITH_INSTRUCTIONS
static inline __m128i move(__m128i value, __m128i factors) {
  return _mm_xor_si128(
      _mm_clmulepi64_si128(value, factors, 0x00), _mm_clmulepi64_si128(value, factors, 0x11));
}

WITH_INSTRUCTIONS
static inline __m128i load(const uint8_t *bytes) {
  return _mm_loadu_si128((const __m128i *)bytes);
}

/// Extends a sum by the multiple of 64 bytes that is in `count`, which is at least 64.
///
/// A carry-less multiplication moves a remainder past the next bytes, to which it is then added
/// (Gopal et al., "Fast CRC Computation Using PCLMULQDQ Instruction", 2009). Four remainders of 16
/// bytes are kept, since a multiplication takes several cycles and one can begin in each. At the end the
/// 16 bytes that are left have the same sum as all, and zlib computes it.
WITH_INSTRUCTIONS
static uint32_t extend_fast(uint32_t crc, const uint8_t *bytes, size_t count) {
  // x^(512 + 32) and x^(512 - 32), then x^(128 + 32) and x^(128 - 32), modulo the polynomial and with
  // their bits reversed.
  const __m128i past_64 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
  const __m128i past_16 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  __m128i a = _mm_xor_si128(load(bytes), _mm_cvtsi32_si128((int)~crc));
  __m128i b = load(bytes + 16), c = load(bytes + 32), d = load(bytes + 48);
  for (bytes += 64, count -= 64; count >= 64; bytes += 64, count -= 64) {
    a = _mm_xor_si128(move(a, past_64), load(bytes));
    b = _mm_xor_si128(move(b, past_64), load(bytes + 16));
    c = _mm_xor_si128(move(c, past_64), load(bytes + 32));
    d = _mm_xor_si128(move(d, past_64), load(bytes + 48));
  }
  b = _mm_xor_si128(move(a, past_16), b);
  c = _mm_xor_si128(move(b, past_16), c);
  d = _mm_xor_si128(move(c, past_16), d);
  uint8_t rest[16];
  _mm_storeu_si128((__m128i *)rest, d);
  // zlib inverts the sum before and after, and the one before these bytes is 0.
  return (uint32_t)crc32_z(0xffffffff, rest, sizeof rest);
}
#elif defined(__aarch64__) && (defined(__APPLE__) || defined(__linux__))
#define HAS_INSTRUCTIONS 1
#if defined(__linux__)
#include <sys/auxv.h>
static bool processor_has_instructions(void) { return getauxval(AT_HWCAP) & (1u << 7); }
#else
static bool processor_has_instructions(void) { return true; }
#endif

/// Extends a sum by the multiple of 64 bytes that is in `count`.
__attribute__((target("crc")))
static uint32_t extend_fast(uint32_t crc, const uint8_t *bytes, size_t count) {
  crc = ~crc;
  for (const uint8_t *end = bytes + count / 64 * 64; bytes < end; bytes += 8) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    crc = __builtin_arm_crc32d(crc, word);
  }
  return ~crc;
}
#endif

#if defined(HAS_INSTRUCTIONS)
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool use_instructions;
static void set_up(void) { use_instructions = processor_has_instructions(); }
#endif

uint32_t ccrc32_extend(uint32_t crc, const void *first, size_t count) {
  const uint8_t *bytes = first;
#if defined(HAS_INSTRUCTIONS)
  pthread_once(&once, set_up);
  if (use_instructions && count >= 64) {
    crc = extend_fast(crc, bytes, count);
    bytes += count / 64 * 64;
    count %= 64;
  }
#endif
  return (uint32_t)crc32_z(crc, bytes, count);
}
