#include "CCoppiceCast.h"

#include "Levels.h"

ccast_level ccast_best_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c")) return ccast_avx2;
#endif
  return ccast_plain;
}

#if defined(__x86_64__)
#define CCAST_LOOP(name) (level == ccast_avx2 ? ccast_avx2_##name : ccast_plain_##name)
#else
#define CCAST_LOOP(name) ((void)level, ccast_plain_##name)
#endif

#define CCAST_DEFINE(name)                                                             \
  bool ccast_##name(const void *source, void *target, size_t count, ccast_check check, \
                    ccast_level level) {                                               \
    return CCAST_LOOP(name)(source, target, count, check);                             \
  }

CCAST_DEFINE(f16_to_f32)
CCAST_DEFINE(bf16_to_f32)
CCAST_DEFINE(f32_to_f16)
CCAST_DEFINE(f32_to_bf16)
CCAST_DEFINE(f32_to_f64)
CCAST_DEFINE(f64_to_f32)
