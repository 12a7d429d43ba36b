// The functions of each level; CCoppiceStatistics.c chooses among them.
#pragma once

#include "CCoppiceStatistics.h"

#define CSTAT_DECLARE(level)                                                                        \
  bool cstat_##level##_summarize(const double *values, size_t count, cstat_sums *sums);             \
  void cstat_##level##_compare(const double *a, const double *b, size_t count, cstat_distances *distances);

CSTAT_DECLARE(plain)
#if defined(__x86_64__)
CSTAT_DECLARE(avx2)
#endif
