// The loops, included once for each level with CSTAT_LEVEL(name) and CSTAT_TARGET defined.

#include <math.h>
#include <stdint.h>

#include "CCoppiceStatistics.h"

#pragma STDC FP_CONTRACT OFF

typedef double cstat_lanes __attribute__((vector_size(64), aligned(8)));
typedef int64_t cstat_counts __attribute__((vector_size(64), aligned(8)));

#define CSTAT_INLINE static inline __attribute__((always_inline)) CSTAT_TARGET

// Lanes are added in a fixed order.
#define CSTAT_ADD(v) ((((v)[0] + (v)[4]) + ((v)[2] + (v)[6])) + (((v)[1] + (v)[5]) + ((v)[3] + (v)[7])))

// The numbers of which a partial sum is taken, so that rounding errors don't add up.
#define CSTAT_PART 128

CSTAT_TARGET bool CSTAT_LEVEL(summarize)(const double *values, size_t count, cstat_sums *sums) {
  const cstat_lanes zero = {0, 0, 0, 0, 0, 0, 0, 0};
  const size_t whole = count - count % 8;
  cstat_lanes total = zero, least = zero + INFINITY, greatest = zero - INFINITY;
  cstat_counts zeros = {0, 0, 0, 0, 0, 0, 0, 0};
  for (size_t i = 0; i < whole;) {
    const size_t end = i + CSTAT_PART < whole ? i + CSTAT_PART : whole;
    cstat_lanes part = zero;
    for (; i < end; i += 8) {
      const cstat_lanes x = *(const cstat_lanes *)(values + i);
      part += x;
      least = __builtin_elementwise_min(least, x);
      greatest = __builtin_elementwise_max(greatest, x);
      zeros -= (x == zero);
    }
    total += part;
  }
  double sum = CSTAT_ADD(total), low = INFINITY, high = -INFINITY;
  size_t zero_count = 0;
  for (int k = 0; k < 8; k++) {
    low = least[k] < low ? least[k] : low;
    high = greatest[k] > high ? greatest[k] : high;
    zero_count += (size_t)zeros[k];
  }
  for (size_t i = whole; i < count; i++) {
    sum += values[i];
    low = values[i] < low ? values[i] : low;
    high = values[i] > high ? values[i] : high;
    zero_count += values[i] == 0;
  }
  // A number that isn't finite makes a sum that isn't.
  if (!(sum - sum == 0)) return false;
  const double mean = sum / (double)count;
  cstat_lanes deviations = zero, squares = zero;
  for (size_t i = 0; i < whole;) {
    const size_t end = i + CSTAT_PART < whole ? i + CSTAT_PART : whole;
    cstat_lanes part = zero, other = zero;
    for (; i < end; i += 8) {
      const cstat_lanes x = *(const cstat_lanes *)(values + i);
      const cstat_lanes d = x - mean;
      part += d * d;
      other += x * x;
    }
    deviations += part;
    squares += other;
  }
  double deviation = CSTAT_ADD(deviations), square = CSTAT_ADD(squares);
  for (size_t i = whole; i < count; i++) {
    deviation += (values[i] - mean) * (values[i] - mean);
    square += values[i] * values[i];
  }
  // Adding zero makes minus zero zero, whichever of the two was found first.
  *sums = (cstat_sums){sum, low + 0.0, high + 0.0, deviation, square, zero_count};
  return true;
}

CSTAT_TARGET void CSTAT_LEVEL(compare)(const double *a, const double *b, size_t count, cstat_distances *distances) {
  const cstat_lanes zero = {0, 0, 0, 0, 0, 0, 0, 0};
  const size_t whole = count - count % 8;
  cstat_lanes squares = zero, differences = zero, largest = zero;
  for (size_t i = 0; i < whole;) {
    const size_t end = i + CSTAT_PART < whole ? i + CSTAT_PART : whole;
    cstat_lanes part = zero, other = zero;
    for (; i < end; i += 8) {
      const cstat_lanes x = *(const cstat_lanes *)(a + i);
      const cstat_lanes y = *(const cstat_lanes *)(b + i);
      // The pairs of finite numbers: x - x is zero for these alone.
      const cstat_counts finite = (x - x == zero) & (y - y == zero);
      const cstat_lanes d = (cstat_lanes)((cstat_counts)(x - y) & finite);
      const cstat_lanes s = (cstat_lanes)((cstat_counts)x & finite);
      part += s * s;
      other += d * d;
      const cstat_lanes magnitude = __builtin_elementwise_abs(d);
      largest = __builtin_elementwise_max(largest, magnitude);
    }
    squares += part;
    differences += other;
  }
  double square = CSTAT_ADD(squares), difference = CSTAT_ADD(differences), most = 0;
  for (int k = 0; k < 8; k++) most = largest[k] > most ? largest[k] : most;
  for (size_t i = whole; i < count; i++) {
    if (!(a[i] - a[i] == 0) || !(b[i] - b[i] == 0)) continue;
    const double d = a[i] - b[i];
    square += a[i] * a[i];
    difference += d * d;
    most = fabs(d) > most ? fabs(d) : most;
  }
  *distances = (cstat_distances){square, difference, most};
}
