// Sums over floating-point numbers.
//
// This is C because Swift has no function multi-versioning, and these loops must keep up with memory on processors
// that are only known at run time. All levels add the same numbers in the same order and never fuse a multiplication
// with an addition, so the results are the same, bit for bit, on every processor.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// The instruction sets that the loops are compiled for.
typedef enum cstat_level { cstat_plain, cstat_avx2 } cstat_level;

typedef struct cstat_sums {
  double sum;
  double least;
  double greatest;
  double deviations;  // the squares of the distances from the mean
  double squares;
  size_t zeros;
} cstat_sums;

// The numbers that aren't finite.
typedef struct cstat_specials {
  size_t nans;
  size_t infinities;
  size_t minus_infinities;
} cstat_specials;

// The best level that this processor can run.
cstat_level cstat_best_level(void);

// Sums up at least one number, all of them finite, and returns true; returns false, with no result, if the sum isn't
// finite.
bool cstat_summarize(const double *values, size_t count, cstat_level level, cstat_sums *sums);

// Moves the finite numbers to the front, in order, and returns how many there are.
size_t cstat_keep_finite(double *values, size_t count, cstat_specials *specials);

// The sums of the squares of a, and of the differences a - b, and the largest distance, over the pairs of finite
// numbers.
typedef struct cstat_distances {
  double squares;
  double differences;
  double largest;
} cstat_distances;

void cstat_compare(const double *a, const double *b, size_t count, cstat_level level, cstat_distances *distances);
