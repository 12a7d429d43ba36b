#include "CCoppiceStatistics.h"

#include "Levels.h"

cstat_level cstat_best_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) return cstat_avx2;
#endif
  return cstat_plain;
}

bool cstat_summarize(const double *values, size_t count, cstat_level level, cstat_sums *sums) {
#if defined(__x86_64__)
  if (level == cstat_avx2) return cstat_avx2_summarize(values, count, sums);
#endif
  (void)level;
  return cstat_plain_summarize(values, count, sums);
}

void cstat_compare(const double *a, const double *b, size_t count, cstat_level level, cstat_distances *distances) {
#if defined(__x86_64__)
  if (level == cstat_avx2) {
    cstat_avx2_compare(a, b, count, distances);
    return;
  }
#endif
  (void)level;
  cstat_plain_compare(a, b, count, distances);
}

size_t cstat_keep_finite(double *values, size_t count, cstat_specials *specials) {
  size_t kept = 0;
  cstat_specials found = {0, 0, 0};
  for (size_t i = 0; i < count; i++) {
    const double value = values[i];
    values[kept] = value;
    kept += value - value == 0;
    found.nans += value != value;
    found.infinities += value == __builtin_inf();
    found.minus_infinities += value == -__builtin_inf();
  }
  *specials = found;
  return kept;
}
