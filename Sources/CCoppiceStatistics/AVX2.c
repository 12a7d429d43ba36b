// AVX2, which processors have since 2013.

#if defined(__x86_64__)

#include "Levels.h"

#define CSTAT_LEVEL(name) cstat_avx2_##name
#define CSTAT_TARGET __attribute__((target("avx2")))
#include "Loops.h"

#endif
