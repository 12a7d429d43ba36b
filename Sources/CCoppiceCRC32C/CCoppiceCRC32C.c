#include "CCoppiceCRC32C.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "Tables.h"

#if defined(__x86_64__)
#include <nmmintrin.h>
#define HAS_INSTRUCTIONS 1
#define WITH_INSTRUCTIONS __attribute__((target("sse4.2")))
static bool processor_has_crc32c(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2");
}
#define STEP_8(crc, byte) _mm_crc32_u8((uint32_t)(crc), (byte))
#define STEP_64(crc, word) _mm_crc32_u64((crc), (word))
#elif defined(__aarch64__) && (defined(__APPLE__) || defined(__linux__))
#define HAS_INSTRUCTIONS 1
#define WITH_INSTRUCTIONS __attribute__((target("crc")))
#if defined(__linux__)
#include <sys/auxv.h>
static bool processor_has_crc32c(void) { return getauxval(AT_HWCAP) & (1u << 7); }
#else
static bool processor_has_crc32c(void) { return true; }
#endif
#define STEP_8(crc, byte) __builtin_arm_crc32cb((uint32_t)(crc), (byte))
#define STEP_64(crc, word) __builtin_arm_crc32cd((uint32_t)(crc), (word))
#endif

static pthread_once_t once = PTHREAD_ONCE_INIT;
static crc32c_tables tables;
static bool use_instructions;

static void set_up(void) {
  crc32c_make_tables(&tables);
#if defined(HAS_INSTRUCTIONS)
  use_instructions = processor_has_crc32c();
#endif
}

static inline uint64_t load_64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

uint32_t ccrc32c_extend_plain(uint32_t start, const void *first, size_t count) {
  pthread_once(&once, set_up);
  const uint8_t *bytes = first;
  uint32_t crc = ~start;
  for (; count >= 8; bytes += 8, count -= 8) {
    uint64_t word = 0;
    for (int i = 0; i < 8; i++) word |= (uint64_t)bytes[i] << (8 * i);
    word ^= crc;
    crc = 0;
    for (int i = 0; i < 8; i++) crc ^= tables.slices[7 - i][(word >> (8 * i)) & 0xff];
  }
  for (; count > 0; bytes++, count--) crc = tables.slices[0][(crc ^ *bytes) & 0xff] ^ (crc >> 8);
  return ~crc;
}

#if defined(HAS_INSTRUCTIONS)
/// Extends a sum with the processor's instruction. It takes three cycles, but one can begin in
/// each, so the loop sums three runs of bytes at once. Shifting a sum past the bytes after its run
/// joins the sums.
WITH_INSTRUCTIONS
static uint32_t extend_fast(uint32_t start, const uint8_t *bytes, size_t count) {
  uint64_t crc = ~start;
  for (; count > 0 && ((uintptr_t)bytes & 7) != 0; bytes++, count--) crc = STEP_8(crc, *bytes);
  for (int size = 0; size < 2; size++) {
    const size_t run = crc32c_run_bytes[size];
    for (; count >= 3 * run; bytes += 3 * run, count -= 3 * run) {
      uint64_t second = 0, third = 0;
      for (size_t i = 0; i < run; i += 8) {
        crc = STEP_64(crc, load_64(bytes + i));
        second = STEP_64(second, load_64(bytes + run + i));
        third = STEP_64(third, load_64(bytes + 2 * run + i));
      }
      crc = crc32c_shift(tables.shifts[size], (uint32_t)crc) ^ second;
      crc = crc32c_shift(tables.shifts[size], (uint32_t)crc) ^ third;
    }
  }
  for (; count >= 8; bytes += 8, count -= 8) crc = STEP_64(crc, load_64(bytes));
  for (; count > 0; bytes++, count--) crc = STEP_8(crc, *bytes);
  return ~(uint32_t)crc;
}
#endif

uint32_t ccrc32c_extend(uint32_t crc, const void *bytes, size_t count) {
  pthread_once(&once, set_up);
#if defined(HAS_INSTRUCTIONS)
  if (use_instructions) return extend_fast(crc, bytes, count);
#endif
  return ccrc32c_extend_plain(crc, bytes, count);
}
